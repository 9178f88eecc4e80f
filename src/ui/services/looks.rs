//! From signals to looks: each map is made once for a slice, whichever canvases show it.

use std::sync::Arc;

use leptos::prelude::*;

use super::maps::follow_plane;
use crate::nifti::Plane;
use crate::page::{Look, Shown, class_colors, loss_map, prediction_of, probability_map, weight_ends};
use crate::ui::store::State;

/// Everything but the canvas that decides the picture of a slice, kept together so that all canvases agree.
pub fn look_of(state: State, shown: RwSignal<Option<Arc<Shown>>>) -> Memo<Option<Look>> {
    // A slider of the loss weighs the slice anew; what follows from the slice alone stays.
    let slice = Memo::new_with_compare(
        move |_| shown.get(),
        |before: Option<&Option<Arc<Shown>>>, now| match (before, now) {
            (Some(Some(before)), Some(Some(now))) => !before.is_same_slice(now),
            _ => true,
        },
    );
    let loss = Memo::new_with_compare(
        move |_| {
            let shown = slice.get()?;
            state.pixels.drawn.with(|drawn| loss_map(&shown, drawn.as_ref()?))
        },
        |_, _| true,
    );
    let class = Memo::new(move |_| state.view.layers.with(|layers| layers.probability_of));
    let probability = Memo::new_with_compare(
        move |_| {
            let shown = slice.get()?;
            let class = class.get();
            state
                .pixels
                .told
                .with(|told| probability_map(&shown, told.as_ref()?, class))
        },
        |_, _| true,
    );
    let prediction = Memo::new_with_compare(
        move |_| {
            let shown = slice.get()?;
            state
                .predictions
                .with(|predictions| prediction_of(&shown, predictions))
        },
        |_, _| true,
    );
    let colors = Memo::new_with_compare(
        move |_| {
            let study = state.data.study.get()?;
            Some(
                state
                    .view
                    .opacities
                    .with(|opacities| class_colors(&study, opacities)),
            )
        },
        |_, _| true,
    );
    Memo::new_with_compare(
        move |_| {
            let layers = state.view.layers.get();
            Some(Look {
                shown: shown.get()?,
                window: state.view.window.get(),
                layers,
                visible: state.view.visible.get(),
                selected: state.view.selected.get(),
                weight_ends: state
                    .objective
                    .loss
                    .with(|loss| weight_ends(loss, layers.stretch)),
                loss: loss.get(),
                probability: probability.get(),
                colors: colors.get()?,
                prediction: prediction.get(),
            })
        },
        |_, _| true,
    )
}

/// The look of a plane beside the others. While it is the plane that the page is about, that is `main`.
pub fn look_of_plane(state: State, main: Memo<Option<Look>>, plane: Plane) -> Memo<Option<Look>> {
    let shown = RwSignal::new(None);
    let wanted = Signal::derive(move || state.view.plane.get() != plane);
    follow_plane(state, Signal::stored(plane), wanted, shown);
    let own = look_of(state, shown);
    let is_main =
        Memo::new(move |_| main.with(|look| look.as_ref().is_some_and(|look| look.shown.cut.plane == plane)));
    Memo::new_with_compare(
        move |_| if is_main.get() { main.get() } else { own.get() },
        |_, _| true,
    )
}
