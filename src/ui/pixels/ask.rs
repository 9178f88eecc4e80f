//! Which network is asked, and the way to ask one at all.

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::train::Command;
use crate::ui::State;
use crate::ui::device::Device;
use crate::ui::training::{Phase, Training};

#[component]
pub fn Ask() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    let pixels = state.pixels;
    let text = move || {
        let told = pixels
            .told
            .with(|told| told.as_ref().map(|told| (told.asked.slice, told.asked.step)));
        let Some((slice, step)) = told else {
            return "A loss needs a prediction. Ask the network what it says of this slice: with the weights that a run \
                    would start from, nothing is trained."
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
    let waits = move || training.phase.with(|phase| *phase == Phase::Preparing);
    let ask = move |_| {
        state.plane.set(Plane::Axial);
        state.layers.update(|layers| layers.loss.shown = true);
        training.ask(state, Command::Show(state.cursor.get_untracked()[2] as u32));
    };
    let away = move || {
        let slice = pixels
            .told
            .with(|told| told.as_ref().map(|told| told.asked.slice))?;
        let off = state.plane.get() != Plane::Axial || state.cursor.get()[2] != slice;
        off.then_some("The picture shows another place; the maps are drawn on axial slices only.")
    };
    view! {
        <p>{text}{slow}</p>
        {move || missing.get().then(|| view! {
            <button class="button" disabled=waits on:click=ask>
                {move || if waits() { "Asking the network …" } else { "Ask the network" }}
            </button>
        })}
        <p class="note" aria-live="polite">{away}</p>
    }
}
