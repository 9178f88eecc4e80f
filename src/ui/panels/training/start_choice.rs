//! Where the weights come from, and where they go.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::difference_table::DifferenceTable;
use super::learning_panel::FreezeControl;
use crate::plan::{SHIPPED_CARD, Settings, Shipped, Start};
use crate::ui::ground::browser;
use crate::ui::store::{Data, Training};

#[component]
pub fn StartChoice(training: Training, data: Data) -> impl IntoView {
    let settings = training.settings;
    let classes = Memo::new(move |_| {
        data.study
            .with(|study| study.as_ref().map_or(0, |study| study.classes.len()))
    });
    // What is said of them, or why they cannot be had: by the size of the images, whatever the network is.
    let shipped = Memo::new(move |_| {
        let channels = data
            .cohort
            .with(|cohort| cohort.as_ref().map_or(1, |cohort| cohort.in_channels()));
        settings.with(|settings| {
            let shipped = Shipped::nearest(settings.size);
            shipped
                .fit(&shipped.take(settings), channels, classes.get())
                .map(|()| shipped)
        })
    });
    let start = move |start: Start| settings.update(|settings| settings.start = start);
    // The weights decide the network.
    let ship = move |_| {
        settings.update(|settings| {
            *settings = Settings {
                start: Start::Shipped,
                ..Shipped::nearest(settings.size).take(settings)
            }
        });
    };
    let about = move || match shipped.get() {
        Ok(shipped) => shipped.about(),
        Err(fault) if classes.get() > 0 => fault,
        Err(_) => String::new(),
    };
    let fault = RwSignal::new(String::new());
    // The last file stays on offer.
    let opened = RwSignal::new(None::<Start>);
    let pick = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some((input, file)) = input.and_then(|input| Some((input.clone(), input.files()?.get(0)?)))
        else {
            return;
        };
        spawn_local(async move {
            match browser::read(&file).await {
                Ok(bytes) => {
                    fault.set(String::new());
                    let own = Start::File {
                        name: file.name(),
                        bytes: bytes.into(),
                    };
                    opened.set(Some(own.clone()));
                    start(own);
                }
                Err(text) => fault.set(text),
            }
            // The same file may be picked again.
            input.set_value("");
        });
    };
    let is =
        move |read: fn(&Start) -> bool| Memo::new(move |_| settings.with(|settings| read(&settings.start)));
    let own = move |file: Start| {
        let Start::File { name, .. } = &file else {
            return None;
        };
        let text = format!("Weights from {name}");
        let checked = is(|start| matches!(start, Start::File { .. }));
        let choose = move |_| start(file.clone());
        Some(view! {
            <label class="toggle">
                <input type="radio" name="start" prop:checked=checked on:change=choose/>
                <span>{text}</span>
            </label>
        })
    };
    view! {
        <fieldset class="controls start">
            <legend class="settings__legend">"Start from"</legend>
            <label class="toggle">
                <input
                    type="radio" name="start" prop:checked=is(|start| *start == Start::Random)
                    on:change=move |_| start(Start::Random)
                />
                <span>"Random weights, drawn from the seed"</span>
            </label>
            <label class="toggle">
                <input
                    type="radio" name="start" prop:checked=is(|start| *start == Start::Shipped)
                    disabled=move || shipped.with(Result::is_err) aria-describedby="start-shipped" on:change=ship
                />
                <span>"Shipped weights: fine-tune"</span>
            </label>
            <p class="note start__note" id="start-shipped">
                {about}" "
                <a href=SHIPPED_CARD target="_blank" rel="noopener">"Its card"</a>
            </p>
            {move || opened.get().and_then(own)}
            <label class="button start__file">
                "Open weights file…"
                <input class="visually-hidden" type="file" accept=".safetensors" on:change=pick/>
            </label>
            <p class="problem" role="alert">{fault}</p>
            <DifferenceTable training/>
            <FreezeControl settings/>
        </fieldset>
    }
}
