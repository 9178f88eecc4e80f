//! Erosion, step by step: B visits the pixels of a patch, and each verdict is explained.

mod controls;
mod laid;
mod layers;
mod legend;
mod made;
mod patch;
mod path;
mod place;
mod player;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use crate::ui::store::State;
use controls::Controls;
use laid::LaidElement;
use layers::Layers;
use legend::Legend;
use made::{MadeSet, made_by};
use patch::{Patch, class_of};
use place::Place;
use player::Player;
use sentence::verdict;

/// An invitation; the walk exists while it is open.
#[component]
pub fn WalkPanel() -> impl IntoView {
    let open = RwSignal::new(false);
    let toggled = move |event: Event| {
        let details = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="settings walk" on:toggle=toggled>
            <summary>
                <span class="settings__name">"Watch one pixel being decided"</span>
                <span class="settings__summary">"Erosion, step by step, on a few pixels around the crosshair"</span>
            </summary>
            {move || open.get().then(|| view! { <Walked/> })}
        </details>
    }
}

#[component]
fn Walked() -> impl IntoView {
    let state = State::get();
    let asked = RwSignal::new(None::<u8>);
    let class = Memo::new(move |_| class_of(state.data, state.view, asked.get()));
    let patch = Memo::new_with_compare(move |_| Patch::of(state, class.get()).map(Arc::new), |_, _| true);
    let player = Player::new(patch);
    // Only what changes the layout rebuilds it.
    let operator =
        Memo::new(move |_| patch.with(|patch| patch.as_ref().map(|patch| patch.choice().operator)));
    let color = move || {
        patch.with(|patch| {
            let [r, g, b] = patch.as_ref().map_or([128; 3], |patch| patch.color);
            format!("rgb({r} {g} {b})")
        })
    };
    let grids = move || {
        let sets = made_by(operator.get()?);
        let small = sets
            .iter()
            .map(|made| view! { <MadeSet player=player made=*made/> })
            .collect_view();
        Some(view! {
            <div class="walk__grids" class:walk__grids--four={sets.len() > 2}>
                <LaidElement player=player/>
                <div class="walk__small">{small}</div>
                <Verdict player=player/>
            </div>
            <Layers player=player/>
            <Controls player=player/>
            <Legend player=player/>
        })
    };
    let absent = move || {
        operator.get().is_none().then(|| {
            view! { <p class="note">"There is nothing to walk over until a study is open and the contour above is a valid one."</p> }
        })
    };
    view! {
        <div class="walk__panel" style=("--class", color)>
            <Place data=state.data view=state.view asked=asked class=class patch=patch/>
            {grids}
            {absent}
        </div>
    }
}

/// Read out when a hand has moved, silent while it plays.
#[component]
fn Verdict(player: Player) -> impl IntoView {
    let said = Memo::new(move |_| {
        let steps = player.steps();
        player.patch.with(|patch| {
            patch
                .as_ref()
                .map_or(("", String::new()), |patch| verdict(patch, steps))
        })
    });
    let live = move || if player.playing.get() { "off" } else { "polite" };
    view! {
        <p class="walk__verdict" aria-live=live aria-atomic="true">
            <strong>{move || said.get().0}</strong>" "{move || said.get().1}
        </p>
    }
}
