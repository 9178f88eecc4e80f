//! What is on the picture? Canvas, planes, window, layers and read-out.

mod color_bar;
mod display;
mod gestures;
mod layers;
mod orientation;
mod picture;
mod place;
mod readout;
mod scene;
mod screen;
mod split_marks;
mod stage;
mod strip;
mod window;
mod window_controls;

use std::sync::Arc;

use leptos::prelude::*;

pub use color_bar::{ColorBar, LossBar, ends_and_zero};
pub use layers::{Layer, Layers};
pub use orientation::mirror;
pub use window::Window;

use super::State;
use display::DisplayControls;
use place::PlaceControls;
use readout::Readout;
use scene::{HeatMap, Look, Zoom, loss_map, prediction_of, weight_ends, weight_map};
use stage::Stage;
use strip::Strip;
use window_controls::WindowControls;

#[component]
pub fn Viewer() -> impl IntoView {
    let state = State::get();
    let zoom = RwSignal::new(Zoom::default());
    let look = look(state);
    view! {
        <section class="viewer" aria-label="Picture">
            <Stage look=look zoom=zoom/>
            <Strip layers=state.layers look=look predictions=state.predictions told=state.pixels.told/>
            <div class="viewer__controls">
                <PlaceControls study=state.study plane=state.plane cursor=state.cursor/>
                <WindowControls study=state.study window=state.window/>
                <DisplayControls layers=state.layers zoom=zoom/>
            </div>
            <Readout state=state look=look/>
        </section>
    }
}

/// Everything but the canvas that decides the picture, kept together so that all canvases agree.
fn look(state: State) -> Memo<Option<Look>> {
    let weight = Memo::new_with_compare(
        move |_| -> Option<Arc<[f32]>> {
            let shown = state.maps.shown.get()?;
            Some(state.loss.with(|loss| weight_map(&shown, loss)))
        },
        |_, _| true,
    );
    let loss = Memo::new_with_compare(
        move |_| {
            let shown = state.maps.shown.get()?;
            state.pixels.drawn.with(|drawn| loss_map(&shown, drawn.as_ref()?))
        },
        |_, _| true,
    );
    let prediction = Memo::new_with_compare(
        move |_| {
            let shown = state.maps.shown.get()?;
            state
                .predictions
                .with(|predictions| prediction_of(&shown, predictions))
        },
        |_, _| true,
    );
    Memo::new_with_compare(
        move |_| {
            let layers = state.layers.get();
            Some(Look {
                shown: state.maps.shown.get()?,
                window: state.window.get(),
                layers,
                visible: state.visible.get(),
                selected: state.selected.get(),
                weight: HeatMap {
                    values: weight.get()?,
                    ends: state.loss.with(|loss| weight_ends(loss, layers.stretch)),
                },
                loss: loss.get(),
                prediction: prediction.get(),
            })
        },
        |_, _| true,
    )
}
