//! Which network is asked, and the way to ask one at all.

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::page::{Phase, Plan};
use crate::plan::Start;
use crate::ui::store::{Device, State, Training};

#[component]
pub fn Ask() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    let pixels = state.pixels;
    let text = move || {
        let told = pixels
            .told
            .with(|told| told.as_ref().map(|told| (told.asked.slice, told.asked.step)));
        let Some((slice, step)) = told else {
            return "A loss needs a prediction. Ask a network what it says of this slice; nothing is trained by that."
                .to_owned();
        };
        let weights = match step {
            0 => "the weights that the run starts from".into(),
            1 => "the weights after 1 step".into(),
            step => format!("the weights after {step} steps"),
        };
        format!("Axial slice {slice}, predicted with {weights}.")
    };
    let slow = move || {
        let absent = state.device.with(|device| matches!(device, Device::Absent(_)));
        absent.then_some(" There is no graphics device, so the processor computes all of this: the same numbers, more slowly.")
    };
    let missing = Memo::new(move |_| pixels.asked.with(Option::is_none));
    let waits = move || training.phase.with(Phase::prepares);
    // Before there is a study there is nothing to ask about.
    let idle = move || waits() || training.plan.with(Option::is_none);
    let trained = Memo::new(move |_| {
        training
            .plan
            .with(|plan| plan.as_ref().is_some_and(Plan::fits_shipped))
    });
    let ask = move |start: Option<Start>| {
        if let Some(start) = start {
            training.settings.update(|settings| settings.start = start);
        }
        state.plane.set(Plane::Axial);
        state.layers.update(|layers| layers.loss.shown = true);
        training.ask_here(state);
    };
    let choices = move || {
        let own = training
            .settings
            .with(|settings| matches!(settings.start, Start::File { .. }));
        if trained.get() && !own {
            vec![
                ("Ask the trained network", Some(Start::Shipped)),
                ("Ask an untrained one", Some(Start::Random)),
            ]
        } else {
            vec![("Ask the network", None)]
        }
    };
    let button = move |(name, start): (&'static str, Option<Start>)| {
        view! { <button class="button" disabled=idle on:click=move |_| ask(start.clone())>{name}</button> }
    };
    let away = move || {
        let slice = pixels
            .told
            .with(|told| told.as_ref().map(|told| told.asked.slice))?;
        let off = state.plane.get() != Plane::Axial || state.cursor.get()[2] != slice.0;
        off.then_some("The picture shows another place; the maps are drawn on axial slices only.")
    };
    view! {
        <p>{text}{slow}</p>
        {move || missing.get().then(|| view! {
            <div class="presets">{move || choices().into_iter().map(button).collect_view()}</div>
            <p class="note" aria-live="polite">{move || waits().then_some("Data and network are being made ready …")}</p>
        })}
        <p class="note" aria-live="polite">{away}</p>
    }
}
