//! Activations of 16 bits: the choice, and what they cost.

use leptos::prelude::*;

use crate::engine::Processor;
use crate::page::grouped;
use crate::train::Rounding;
use crate::ui::parts::Toggle;
use crate::ui::store::{Device, State, Training};

#[component]
pub fn PrecisionControls(training: Training, state: State) -> impl IntoView {
    let settings = training.settings;
    let offered = Memo::new(move |_| {
        state
            .compute
            .device
            .with(|device| matches!(device, Device::Ready(adapter) if adapter.has_halves))
    });
    let is_gpu = Memo::new(move |_| {
        let choice = state.compute.computes.get();
        choice.is_none_or(|choice| choice.processor == Processor::Gpu)
    });
    let said = move || {
        if !is_gpu.get() {
            "The processor computes with 32 bits throughout, whatever is chosen here."
        } else if offered.get() {
            "Between input and logits, activations are kept as f16: 11 binary places instead of 24, half the memory to read \
             and write. Weights, gradients and sums stay f32. What it costs is shown beside the run's progress."
        } else {
            "Needs an adapter with shader-f16, which this one does not offer."
        }
    };
    view! {
        <fieldset class="controls">
            <legend class="settings__legend">"Precision"</legend>
            <Toggle
                name="16-bit activations"
                value=Signal::derive(move || settings.with(|settings| settings.half_activations))
                // A choice made on a device that is gone since can still be taken back.
                disabled=Signal::derive(move || !offered.get() && !settings.with(|settings| settings.half_activations))
                set=move |chosen| settings.update(|settings| settings.half_activations = chosen)
            />
            <p class="note">{said}</p>
        </fieldset>
    }
}

/// Says of the shown slice what the digits are worth; nothing in a run that has them all.
#[component]
pub fn RoundingLine(training: Training) -> impl IntoView {
    let said = move || training.rounding.get().as_ref().map(said);
    view! {
        {move || said().map(|text| view! {
            <p class="run__figures" role="status" aria-label="What 16-bit activations cost">{text}</p>
        })}
    }
}

fn said(rounding: &Rounding) -> String {
    let Rounding {
        largest_logit,
        changed,
        pixels,
        losses: [half, full],
    } = rounding;
    if !largest_logit.is_finite() {
        return "16-bit activations: numbers have grown past the largest of 16 bits (65,504), and the prediction is worth nothing. \
                Switch them off in the settings of the run and reset."
            .into();
    }
    format!(
        "16-bit activations, on the shown slice against 32-bit ones: logits differ by up to {largest_logit:.4}, {} of {} pixels get \
         another class, the loss is {half:.5} instead of {full:.5}.",
        grouped(*changed),
        grouped(*pixels),
    )
}
