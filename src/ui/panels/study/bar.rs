//! Which study: a sample or the visitor's own files.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::page::{Modality, Study, bytes};
use crate::ui::ground::files::of_list;
use crate::ui::services::opening::{back, choose, open_sample, reopen, take_files};
use crate::ui::services::samples::{LICENCES, title};
use crate::ui::store::State;

#[component]
pub fn StudyBar() -> impl IntoView {
    let state = State::get();
    let current = Memo::new(move |_| {
        state.data.study.with(|study| {
            study
                .as_ref()
                .and_then(|study| study.sample.clone())
                .unwrap_or_default()
        })
    });
    let own = move || {
        state
            .data
            .study
            .with(|study| study.as_ref().is_some_and(|study| study.sample.is_none()))
    };
    let keys = Memo::new(move |_| {
        state
            .data
            .samples
            .with(|samples| samples.keys().cloned().collect::<Vec<_>>())
    });
    let pick_sample = move |event| {
        let key = event_target_value(&event);
        if !key.is_empty() {
            open_sample(state, key);
        }
    };
    let notes = move || {
        state.data.study.with(|study| {
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
                take_files(state, of_list(&files));
            }
            // So that the same file can be picked again.
            input.set_value("");
        }
    };
    let held = Memo::new(move |_| {
        state.data.cohort.with(|cohort| {
            cohort
                .as_ref()
                .map(|cohort| format!(" · {} in memory", bytes(cohort.bytes())))
        })
    });
    let option = move |key: String| {
        let name = title(&key);
        let value = key.clone();
        view! { <option value=value prop:selected=move || current.with(|current| *current == key)>{name}</option> }
    };
    view! {
        <div class="study">
            <label class="study__sample">
                <span>"Study"</span>
                <select on:change=pick_sample>
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
            <label class="button study__pick">
                "Open a folder…"
                <input
                    class="visually-hidden" type="file" prop:webkitdirectory=true
                    aria-label="Open a folder of images and labels" on:change=pick
                />
            </label>
            {move || state.data.opened.get().then(|| view! {
                <button class="button" on:click=move |_| reopen(state.compute, state.data)>"Files and changes…"</button>
            })}
            <Chosen state/>
            <Left state/>
            <p class="study__facts">
                {move || state.data.study.with(|study| study.as_deref().map(facts))}
                {move || held.get()}
                {move || (!own()).then(|| view! { " " <a href=LICENCES target="_blank">"Source and licence"</a> })}
            </p>
        </div>
        <ul class="study__notes" aria-label="Notes on the files">
            {move || notes().into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
        </ul>
    }
}

/// Strokes on what was on screen before.
#[component]
fn Left(state: State) -> impl IntoView {
    move || {
        state.data.left.get().map(|left| {
            view! {
                <p class="study__left" role="status">
                    {format!("Your strokes on “{}” are kept ({}).", left.title, bytes(left.bytes()))}
                    <button class="button" on:click=move |_| back(state)>"Back to them"</button>
                    <button class="button" on:click=move |_| state.data.left.set(None)>"Forget them"</button>
                </p>
            }
        })
    }
}

/// Which subject and which channel is on screen, where there is a choice.
#[component]
fn Chosen(state: State) -> impl IntoView {
    let names = Memo::new(move |_| {
        let cohort = state.data.cohort.get()?;
        let subjects: Vec<String> = cohort
            .subjects
            .iter()
            .map(|subject| subject.name.clone())
            .collect();
        Some((subjects, cohort.channels.clone()))
    });
    let now = Memo::new(move |_| {
        state.data.study.with(|study| {
            study
                .as_ref()
                .map_or([0, 0], |study| [study.subject, study.channel])
        })
    });
    let select = move |label: &'static str, which: usize, names: Vec<String>| {
        (names.len() > 1).then(|| {
            let option = move |(i, name): (usize, String)| {
                view! { <option value=i.to_string() prop:selected=move || now.get()[which] == i>{name}</option> }
            };
            let take = move |event| {
                if let Ok(chosen) = event_target_value(&event).parse::<usize>() {
                    let [subject, channel] = now.get_untracked();
                    let [subject, channel] = if which == 0 { [chosen, channel] } else { [subject, chosen] };
                    choose(state, subject, channel);
                }
            };
            view! {
                <label class="study__sample">
                    <span>{label}</span>
                    <select on:change=take>{names.into_iter().enumerate().map(option).collect_view()}</select>
                </label>
            }
        })
    };
    move || {
        let (subjects, channels) = names.get().unwrap_or_default();
        view! {
            {select("Subject", 0, subjects)}
            {select("Channel", 1, channels)}
        }
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
