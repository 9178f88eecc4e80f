//! What keys do.

use leptos::prelude::*;

use super::bindings::Deed;
use super::viewing::{Arrangement, Compare, Port, Viewing};
use crate::page::{Layer, Layers, Window, Zoom};
use crate::ui::services::strokes;
use crate::ui::store::{Data, State, View};

/// Zoom of one key.
const ZOOM_STEP: f32 = 1.15;
/// Share of the canvas by which a key moves the picture.
const PAN_STEP: f32 = 0.05;
/// Percent of the width by which a key moves the divider.
pub const DIVIDER_STEP: f64 = 2.0;
/// Share of the window's width by which a key changes level and width.
const WINDOW_STEP: f32 = 0.05;

impl Deed {
    pub fn run(self, state: State, viewing: Viewing, port: Port) {
        let layers = |change: fn(&mut Layers)| state.view.layers.update(change);
        match self {
            Self::Turn(by) => shift(state, port.plane.get_untracked().axes()[2], by),
            Self::Step(by) => step(state, port, by),
            Self::Zoom(sign) => port
                .zoom(viewing)
                .update(|zoom| *zoom = zoom.about(ZOOM_STEP.powi(sign), [0.0; 2])),
            Self::Pan(by) => port
                .zoom(viewing)
                .update(|zoom| *zoom = zoom.moved(by.map(|by| by as f32 * PAN_STEP))),
            Self::Level(sign) => state.view.window.update(|window| {
                *window = Window::new(window.level + step_of(*window, sign), window.width).rounded();
            }),
            Self::Width(sign) => state.view.window.update(|window| {
                *window = Window::new(window.level, window.width + step_of(*window, sign)).rounded();
            }),
            Self::Reset => {
                port.zoom(viewing).set(Zoom::default());
                reset_window(state.data, state.view);
            }
            Self::Show(plane) => state.view.plane.set(plane),
            Self::Smooth => layers(|layers| layers.smooth = !layers.smooth),
            Self::Crosshair => layers(|layers| layers.crosshair = !layers.crosshair),
            Self::Outline => layers(|layers| flip(&mut layers.outline)),
            Self::Fill => layers(|layers| flip(&mut layers.labels)),
            Self::AllThree => viewing.arrangement.update(Arrangement::turn),
            Self::Agreement => layers(|layers| flip(&mut layers.agreement)),
            Self::Compare => viewing.compare.update(Compare::turn),
            Self::Flip => viewing.flipped.update(|flipped| *flipped = !*flipped),
            Self::Divider(sign) => viewing.divider.update(|percent| {
                *percent = (*percent + DIVIDER_STEP * f64::from(sign)).clamp(0.0, 100.0);
            }),
            Self::Tool(tool) => viewing.pencil.tool.set(tool),
            Self::Brush(sign) => viewing.pencil.resize(sign),
            Self::Class(sign) => viewing.pencil.next_class(state, sign),
            Self::Dab => strokes::dab(state, viewing.pencil, port.plane.get_untracked()),
            Self::Undo => strokes::undo(state.data, state.view, port.plane.get_untracked()),
            Self::Redo => strokes::redo(state.data, state.view, port.plane.get_untracked()),
            Self::Help => viewing.help.set(true),
        }
    }
}

fn flip(layer: &mut Layer) {
    layer.shown = !layer.shown;
}

fn step_of(window: Window, sign: i32) -> f32 {
    sign as f32 * window.width * WINDOW_STEP
}

pub fn reset_window(data: Data, view: View) {
    if let Some(study) = data.study.get_untracked() {
        view.window.set(study.first_window());
    }
}

/// Moves the crosshair by pixels of the picture, in directions of the screen.
fn step(state: State, port: Port, by: [isize; 2]) {
    port.look.with_untracked(|look| {
        let Some(look) = look else { return };
        let fit = look.fit([1, 1], Zoom::default());
        for side in [0, 1] {
            let by = if fit.step[side] < 0.0 { -by[side] } else { by[side] };
            shift(state, look.shown.cut.plane.axes()[side], by);
        }
    });
}

fn shift(state: State, axis: usize, by: isize) {
    let Some(study) = state.data.study.get_untracked() else {
        return;
    };
    let cursor = state.view.cursor.get_untracked();
    let wanted = cursor[axis].saturating_add_signed(by).min(study.shape[axis] - 1);
    if wanted != cursor[axis] {
        state.view.cursor.update(|cursor| cursor[axis] = wanted);
    }
}
