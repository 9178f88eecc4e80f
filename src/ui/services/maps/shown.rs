//! Contour and weights of the slice on screen.

use std::sync::Arc;

use leptos::prelude::*;

use crate::contour::{Choice, Weighting};
use crate::loss::Params;
use crate::nifti::Plane;
use crate::page::{Cut, Shown};
use crate::ui::ground::engine::Studio;
use crate::ui::ground::latest::Latest;
use crate::ui::store::State;

struct Job {
    cut: Arc<Cut>,
    choice: Choice,
    weighting: Weighting,
}

/// Keeps `shown` up to date: the slice of `plane` under the crosshair, while it is `wanted`.
pub fn follow(state: State, plane: Signal<Plane>, wanted: Signal<bool>, shown: RwSignal<Option<Arc<Shown>>>) {
    let index = Memo::new(move |_| state.view.cursor.get()[plane.get().axes()[2]]);
    let saved = Memo::new_with_compare(
        move |_| {
            let study = state.data.study.get().filter(|_| wanted.get())?;
            Some(Arc::new(Cut::new(&study, plane.get(), index.get())))
        },
        |_, _| true,
    );
    let cut = Memo::new_with_compare(
        move |_| {
            let cut = saved.get()?;
            let drawn = state
                .data
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
    let last = StoredValue::new_local(None::<Arc<Shown>>);
    Effect::new(move || {
        let Some(cut) = cut.get() else { return };
        let job = Job {
            cut,
            choice: state.objective.contour.get(),
            weighting: state.objective.loss.with(Params::weighting),
        };
        latest.ask(job, move |job| async move {
            let before = last.try_get_value().flatten();
            let told = Arc::new(job.run(&state.compute.studio(), before).await);
            // Whoever wanted it may be gone by now.
            let _ = last.try_set_value(Some(Arc::clone(&told)));
            let _ = shown.try_set(Some(told));
        });
    });
}

impl Job {
    async fn run(self, studio: &Studio, before: Option<Arc<Shown>>) -> Shown {
        let Self {
            cut,
            choice,
            weighting,
        } = self;
        let dims = [cut.rows, cut.columns];
        // What is wrong with the choice stands in the contour panel, and a lost device in the banner.
        let contour = match before.filter(|before| Arc::ptr_eq(&before.cut, &cut) && before.choice == choice)
        {
            Some(before) => Arc::clone(&before.contour),
            None => {
                let contour = studio.shown_contour(cut.mapping(&choice)).await;
                contour.unwrap_or_else(|_| vec![0; cut.rows * cut.columns].into())
            }
        };
        let weight = studio.shown_weight(&cut.labels, &contour, dims, weighting).await;
        let weight = weight.unwrap_or_else(|_| vec![0.0; cut.rows * cut.columns].into());
        Shown {
            cut,
            contour,
            weight,
            choice,
        }
    }
}
