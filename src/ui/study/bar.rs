//! Which study: a sample or the visitor's own files.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::open::{open_sample, take_files};
use super::samples::{LICENCES, title};
use super::{Modality, Study};
use crate::ui::State;

#[component]
pub fn StudyBar() -> impl IntoView {
    let state = State::get();
    let current = Memo::new(move |_| {
        state.study.with(|study| {
            study
                .as_ref()
                .and_then(|study| study.sample.clone())
                .unwrap_or_default()
        })
    });
    let own = move || {
        state
            .study
            .with(|study| study.as_ref().is_some_and(|study| study.sample.is_none()))
    };
    let keys = Memo::new(move |_| {
        state
            .samples
            .with(|samples| samples.keys().cloned().collect::<Vec<_>>())
    });
    let choose = move |event| {
        let key = event_target_value(&event);
        if !key.is_empty() {
            open_sample(state, key);
        }
    };
    let notes = move || {
        state.study.with(|study| {
            study
                .as_ref()
                .map(|study| study.notes.clone())
                .unwrap_or_default()
        })
    };
    let pick = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            if let Some(files) = input.files() {
                take_files(state, &files);
            }
            // So that the same file can be picked again.
            input.set_value("");
        }
    };
    let option = move |key: String| {
        let name = title(&key);
        let value = key.clone();
        view! { <option value=value prop:selected=move || current.with(|current| *current == key)>{name}</option> }
    };
    view! {
        <div class="study">
            <label class="study__sample">
                <span>"Study"</span>
                <select on:change=choose>
                    {move || keys.get().into_iter().map(option).collect_view()}
                    {move || own().then(|| view! { <option value="" prop:selected=true>"Your own files"</option> })}
                </select>
            </label>
            <label class="button study__pick">
                "Open your own…"
                <input
                    class="visually-hidden" type="file" multiple=true accept=".nii,.gz,.hdr,.img"
                    aria-label="Open your own image and label" on:change=pick
                />
            </label>
            <p class="study__facts">
                {move || state.study.with(|study| study.as_deref().map(facts))}
                {move || (!own()).then(|| view! { " " <a href=LICENCES target="_blank">"Source and licence"</a> })}
            </p>
        </div>
        <ul class="study__notes" aria-label="Notes on the files">
            {move || notes().into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
        </ul>
    }
}

fn facts(study: &Study) -> String {
    let [x, y, z] = study.shape;
    let [dx, dy, dz] = study
        .spacing_mm
        .map(|mm| (f64::from(mm) * 1000.0).round() / 1000.0);
    let kind = match study.modality {
        Modality::Ct => "CT, ",
        Modality::Other => "",
    };
    format!("{kind}{x} × {y} × {z} voxels of {dx} × {dy} × {dz} mm")
}
