//! How the prediction is held against the reference, and which class's probability is drawn.

use leptos::prelude::*;

use super::class_controls::ClassChoice;
use super::popover::Popover;
use super::viewing::{Compare, Viewing};
use crate::page::{Layer, Layers};
use crate::ui::parts::{Number, Segmented, Toggle};
use crate::ui::store::State;

const WAYS: [(Compare, &str); 4] = [
    (Compare::Over, "Over"),
    (Compare::Swipe, "Swipe"),
    (Compare::Flicker, "Flicker"),
    (Compare::SideBySide, "Side by side"),
];

#[component]
pub fn CompareControls(state: State, viewing: Viewing) -> impl IntoView {
    let layers = state.view.layers;
    let compare = viewing.compare;
    let is = move |way| Memo::new(move |_| compare.get() == way);
    let (swipes, flickers) = (is(Compare::Swipe), is(Compare::Flicker));
    let note = move || match compare.get() {
        Compare::Over => "The prediction's outline, dashed, over the reference's labels.",
        Compare::Swipe => "Left of the divider the reference's labels, right of it the prediction's.",
        Compare::Flicker => {
            "Reference and prediction in turn: what jumps is where they differ. Key k shows the other."
        }
        Compare::SideBySide => "Two pictures of one place; crosshair, zoom and window are shared.",
    };
    let missing = move || {
        state
            .predictions
            .with(|predictions| predictions.is_empty())
            .then_some("There is no prediction yet: ask the network below, or train one.")
    };
    let probability_of = Memo::new(move |_| layers.with(|layers| layers.probability_of));
    let choose = move |class| {
        layers.update(|layers| {
            layers.probability_of = class;
            layers.probability.shown = true;
        });
    };
    let map = move |toggle: &'static str, opacity: &'static str, of: fn(&mut Layers) -> &mut Layer| {
        let layer = Memo::new(move |_| *of(&mut layers.get()));
        view! {
            <Toggle
                name=toggle value=Signal::derive(move || layer.get().shown)
                set=move |shown| layers.update(|layers| of(layers).shown = shown)
            />
            <Number
                name=opacity unit="%" low=0.0 high=100.0 step=5.0
                value=Signal::derive(move || 100.0 * f64::from(layer.get().opacity))
                set=move |percent: f64| {
                    let opacity = (percent as f32 / 100.0).clamp(0.0, 1.0);
                    layers.update(|layers| of(layers).opacity = opacity);
                }
            />
        }
    };
    view! {
        <Popover name="Compare">
            <Segmented name="Prediction" options=WAYS.to_vec() value=compare set=move |way| compare.set(way)/>
            <p class="note">{note}</p>
            <p class="note">{missing}</p>
            {move || swipes.get().then(|| view! {
                <Number
                    name="Divider" unit="%" low=0.0 high=100.0 step=1.0
                    value=viewing.divider set=move |percent: f64| viewing.divider.set(percent.clamp(0.0, 100.0))
                />
            })}
            {move || flickers.get().then(|| view! {
                <Toggle name="In turn by itself" value=viewing.alternates set=move |on| viewing.alternates.set(on)/>
                <button class="button" on:click=move |_| viewing.flipped.update(|flipped| *flipped = !*flipped)>
                    "Show the other"
                </button>
            })}
            {map("Map of true and false positives and negatives", "Its opacity", |layers| &mut layers.agreement)}
            {map("Map of a class’s probability", "The probability’s opacity", |layers| &mut layers.probability)}
            <ClassChoice
                state label="Probability of" name="Class whose probability is drawn"
                class=probability_of choose=choose
            />
        </Popover>
    }
}
