//! How the prediction is held against the reference, and which class's probability is drawn.

use leptos::prelude::*;

use super::popover::Popover;
use super::viewing::{Compare, Viewing};
use super::{Layer, Layers};
use crate::ui::State;
use crate::ui::widgets::{Number, Segmented, Toggle};

const WAYS: [(Compare, &str); 4] = [
    (Compare::Over, "Over"),
    (Compare::Swipe, "Swipe"),
    (Compare::Flicker, "Flicker"),
    (Compare::SideBySide, "Side by side"),
];

#[component]
pub fn CompareControls(state: State, viewing: Viewing) -> impl IntoView {
    let layers = state.layers;
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
    let classes = move || {
        let option = |(k, name): (usize, String)| {
            let chosen = move || layers.with(|layers| usize::from(layers.probability_of) == k);
            view! { <option value=k.to_string() prop:selected=chosen>{name}</option> }
        };
        let names = state.study.with(|study| {
            let classes = study.as_ref().map(|study| study.classes.iter());
            classes.map(|classes| classes.map(|class| class.name.clone()).collect::<Vec<_>>())
        });
        names
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .map(option)
            .collect_view()
    };
    let choose = move |event| {
        if let Ok(class) = event_target_value(&event).parse() {
            layers.update(|layers| {
                layers.probability_of = class;
                layers.probability.shown = true;
            });
        }
    };
    let toggle = move |name, read: fn(&Layers) -> bool, write: fn(&mut Layers, bool)| {
        view! {
            <Toggle
                name value=Signal::derive(move || layers.with(read))
                set=move |shown| layers.update(|layers| write(layers, shown))
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
            {toggle(
                "Map of true and false positives and negatives",
                |layers| layers.agreement.shown,
                |layers, shown| layers.agreement = Layer { shown, ..layers.agreement },
            )}
            {toggle(
                "Map of a class’s probability",
                |layers| layers.probability.shown,
                |layers, shown| layers.probability = Layer { shown, ..layers.probability },
            )}
            <label class="choice">
                <span>"Probability of"</span>
                <select aria-label="Class whose probability is drawn" on:change=choose>{classes}</select>
            </label>
        </Popover>
    }
}
