//! What does the loss weigh?

mod controls;
mod formula;
mod insight;

use leptos::prelude::*;

use super::State;
use super::viewer::ColorBar;
use super::widgets::{Formula, trim};
use crate::loss::{Params, Preset};
use controls::{CompoundControls, CrossEntropyControls, DiceControls};
use formula::{compound, cross_entropy, dice};
use insight::{BlindSpot, WeightShare};

const PRESETS: [(Preset, &str, &str); 2] = [
    (
        Preset::Paper,
        "Paper",
        "The formulae of the paper. It does not publish its λ and its α, β: λ_w = 2, λ_d = 0.5, α = β = 1 are our choice.",
    ),
    (
        Preset::AuthorsCode,
        "Authors' code",
        "What the authors' published code computes: a plain cross-entropy on top, so that a pixel weighs 2 off the \
         contour and 4 on it (2 : 1, not 3 : 1), and both Dice terms in full.",
    ),
];

#[component]
pub fn LossPanel() -> impl IntoView {
    let state = State::get();
    let loss = state.loss;
    let classes = Memo::new(move |_| {
        state
            .study
            .with(|study| study.as_ref().map_or(2, |study| study.classes.len()))
    });
    let problem = move || {
        let fault = loss.with(|loss| loss.validate(classes.get()).err());
        fault.map(|error| error.to_string()).unwrap_or_default()
    };
    let preset = move |(preset, name, _): (Preset, &'static str, &'static str)| {
        let pressed = move || loss.with(|loss| *loss == preset.params());
        view! {
            <button
                class="button" aria-pressed=move || pressed().to_string()
                on:click=move |_| loss.set(preset.params())
            >{name}</button>
        }
    };
    let weights = move || {
        let (off, on) = loss.with(Params::pixel_weights);
        format!(
            "So a pixel weighs {} off the contour and {} on it.",
            trim(off.into()),
            trim(on.into())
        )
    };
    let about = move || {
        let found = loss.with(|loss| PRESETS.iter().find(|(preset, ..)| *loss == preset.params()));
        found.map_or(
            "Your own choice; it equals neither published form.",
            |(_, _, about)| about,
        )
    };
    view! {
        <div class="presets" role="group" aria-label="Presets">{PRESETS.map(preset).collect_view()}</div>
        <p class="note">{about}</p>
        <Formula lines=Signal::derive(move || loss.with(compound))/>
        <CompoundControls loss=loss/>
        <p class="problem" role="alert">{problem}</p>
        <h3>"Contour-weighted cross-entropy"</h3>
        <Formula lines=Signal::derive(move || loss.with(cross_entropy))/>
        <CrossEntropyControls loss=loss/>
        <p class="note">{weights}</p>
        <ColorBar state=state/>
        <WeightShare state=state/>
        <h3>"Separable Dice"</h3>
        <Formula lines=Signal::derive(move || loss.with(dice))/>
        <DiceControls loss=loss/>
        <BlindSpot contour=state.contour loss=loss/>
    }
}
