//! The contour of the slice on screen.

use std::sync::Arc;

use leptos::prelude::*;

use super::cut::Cut;
use crate::contour::Choice;
use crate::nifti::Plane;
use crate::ui::State;
use crate::ui::engine::Studio;
use crate::ui::latest::Latest;

/// A slice with the contour of its classes.
#[derive(Clone, Debug)]
pub struct Shown {
    pub cut: Arc<Cut>,
    /// `(rows, columns)`, bit k: contour of class k. All zeros while the choice is invalid.
    pub contour: Arc<[u32]>,
    pub choice: Choice,
}

struct Job {
    cut: Arc<Cut>,
    choice: Choice,
}

/// Keeps `shown` up to date: the slice of `plane` under the crosshair, while it is `wanted`.
pub fn follow(state: State, plane: Signal<Plane>, wanted: Signal<bool>, shown: RwSignal<Option<Arc<Shown>>>) {
    let index = Memo::new(move |_| state.cursor.get()[plane.get().axes()[2]]);
    let saved = Memo::new_with_compare(
        move |_| {
            let study = state.study.get().filter(|_| wanted.get())?;
            Some(Arc::new(Cut::new(&study, plane.get(), index.get())))
        },
        |_, _| true,
    );
    let cut = Memo::new_with_compare(
        move |_| {
            let cut = saved.get()?;
            let drawn = state
                .edits
                .with(|edits| edits.drawing().map(|stroke| cut.with(stroke)));
            Some(drawn.map_or(cut, Arc::new))
        },
        // A stroke that has ended comes back with the study; in between, nothing has changed.
        |before, now| match (before, now) {
            (Some(Some(before)), Some(Some(now))) => !Arc::ptr_eq(before, now),
            _ => true,
        },
    );
    let latest = Latest::new();
    Effect::new(move || {
        let Some(cut) = cut.get() else { return };
        let job = Job {
            cut,
            choice: state.contour.get(),
        };
        latest.ask(job, move |job| async move {
            let told = job.run(&state.studio()).await;
            // Whoever wanted it may be gone by now.
            let _ = shown.try_set(Some(Arc::new(told)));
        });
    });
}

impl Job {
    async fn run(self, studio: &Studio) -> Shown {
        let Self { cut, choice } = self;
        let bits = studio.contour(cut.mapping(&choice)).await;
        // What is wrong with the choice stands in the contour panel, and a lost device in the banner.
        let bits = bits.unwrap_or_else(|_| vec![0; cut.rows * cut.columns]);
        Shown {
            cut,
            contour: bits.into(),
            choice,
        }
    }
}
