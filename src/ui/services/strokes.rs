//! What if the label were wrong? Drawing on it, taking strokes back, keeping the result.

use leptos::prelude::*;

use std::sync::Arc;

use crate::edit::{Edits, Sheet, sweep};
use crate::nifti::Plane;
use crate::page::Cut;
use crate::ui::services::opening;
use crate::ui::store::{Data, Pencil, State, Tool, View};

/// Keeps the strokes those of the study on screen: with another label come those that were drawn on it before.
pub fn follow(state: State, pencil: Pencil) {
    Effect::new(move || {
        let Some(study) = state.data.study.get() else {
            return;
        };
        let is_ours = state
            .data
            .edits
            .with_untracked(|edits| Arc::ptr_eq(edits.labels(), &study.labels));
        if !is_ours {
            let before = state.data.cohort.with_untracked(|cohort| {
                let cohort = cohort.as_ref()?;
                cohort
                    .subjects
                    .get(study.subject)?
                    .file_labels(&cohort.table.lookup())
            });
            let labels = Arc::clone(&study.labels);
            let area = study.shape[0] * study.shape[1];
            state
                .data
                .edits
                .set(match before.filter(|before| before.len() == labels.len()) {
                    Some(before) => Edits::resumed(before, labels, area),
                    None => Edits::new(labels),
                });
            // A class that the new study does not have must not be drawn.
            let last = study.classes.len().saturating_sub(1) as u8;
            pencil.class.update(|class| *class = (*class).min(last));
        }
    });
}

/// The slice of a plane that is on screen.
pub fn sheet(plane: Plane, cursor: [usize; 3]) -> Sheet {
    let axis = plane.axes()[2];
    (axis, cursor[axis])
}

/// Takes the stroke to a pixel of a cut, or begins one there.
pub fn draw(state: State, pencil: Pencil, cut: &Cut, at: [i32; 2], class: u8, begins: bool) {
    let from = pencil.last.get_value().filter(|_| !begins).unwrap_or(at);
    if !begins && from == at {
        return;
    }
    pencil.last.set_value(Some(at));
    let pixels = sweep(from, at, pencil.size.get_untracked(), [cut.columns, cut.rows]);
    let voxel = |[x, y]: [usize; 2]| cut.study.index(cut.plane.voxel(x, y, cut.index));
    state.data.edits.update(|edits| {
        if begins {
            edits.begin((cut.plane.axes()[2], cut.index));
        }
        edits.paint(pixels.into_iter().map(voxel), class);
    });
}

/// Ends the stroke under way, if there is one.
pub fn end(data: Data) {
    if data.edits.with_untracked(|edits| edits.drawing().is_some()) {
        change(data, Edits::end);
    }
}

/// Forgets the stroke under way, if there is one.
pub fn cancel(state: State) {
    if state.data.edits.with_untracked(|edits| edits.drawing().is_some()) {
        state.data.edits.update(Edits::cancel);
    }
}

/// The brush once, under the crosshair.
pub fn dab(state: State, pencil: Pencil, plane: Plane) {
    let Some(study) = state.data.study.get_untracked() else {
        return;
    };
    if pencil.tool.get_untracked() == Tool::None {
        return;
    }
    let cursor = state.view.cursor.get_untracked();
    let [across, down, through] = plane.axes();
    let cut = Cut::new(&study, plane, cursor[through]);
    let at = [cursor[across] as i32, cursor[down] as i32];
    draw(state, pencil, &cut, at, pencil.paints(), true);
    end(state.data);
}

pub fn undo(data: Data, view: View, plane: Plane) {
    let sheet = sheet(plane, view.cursor.get_untracked());
    change(data, |edits| edits.undo(sheet));
}

pub fn redo(data: Data, view: View, plane: Plane) {
    let sheet = sheet(plane, view.cursor.get_untracked());
    change(data, |edits| edits.redo(sheet));
}

pub fn revert(data: Data) {
    change(data, |edits| {
        edits.revert();
        true
    });
}

/// Changes the strokes, and gives the study the labels that come of it.
fn change(data: Data, change: impl FnOnce(&mut Edits) -> bool) {
    let labels = data
        .edits
        .try_update(|edits| change(edits).then(|| Arc::clone(edits.labels())));
    if let Some(Some(labels)) = labels {
        opening::redraw(data, &labels);
    }
}
