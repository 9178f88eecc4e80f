//! The contour of the slice on screen.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::cut::{Cut, labels_along};
use super::mapper;
use crate::contour::{Choice, Frame, Mapper};
use crate::nifti::Plane;
use crate::ui::State;
use crate::ui::latest::Latest;
use crate::ui::study::Study;

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
    /// Of the volume, where the contour needs it.
    labels: Option<Arc<[u8]>>,
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
    let labels = ordered_labels(state.study, plane);
    let tools = Rc::new(RefCell::new(None::<Mapper>));
    Effect::new({
        let tools = Rc::clone(&tools);
        move || *tools.borrow_mut() = Some(state.device.with(mapper))
    });
    let latest = Latest::new();
    Effect::new(move || {
        state.device.track();
        let Some(cut) = cut.get() else { return };
        let choice = state.contour.get();
        let labels = (choice.frame == Frame::Volume).then(|| labels.get()).flatten();
        let (tools, set) = (Rc::clone(&tools), shown);
        latest.ask(Job { cut, labels, choice }, move |job| {
            let tools = Rc::clone(&tools);
            async move {
                // Taken out while in use, so that nothing is borrowed across the wait.
                let Some(mut mapper) = tools.take() else { return };
                let shown = job.run(&mut mapper).await;
                tools.borrow_mut().get_or_insert(mapper);
                // Whoever wanted it may be gone by now.
                let _ = set.try_set(Some(Arc::new(shown)));
            }
        });
    });
}

/// The labels in the order of the plane, made once for each study and plane.
pub(super) fn ordered_labels(
    study: RwSignal<Option<Arc<Study>>>,
    plane: Signal<Plane>,
) -> Memo<Option<Arc<[u8]>>> {
    Memo::new_with_compare(
        move |_| {
            let (study, plane) = (study.get()?, plane.get());
            let [_, _, slices] = plane.extent(study.shape);
            Some(labels_along(&study, plane, 0..slices))
        },
        |_, _| true,
    )
}

impl Job {
    async fn run(self, mapper: &mut Mapper) -> Shown {
        let Self { cut, labels, choice } = self;
        let [columns, rows, slices] = cut.plane.extent(cut.study.shape);
        let bits = match labels {
            // The neighbours as they were when the stroke under way began, if there is one.
            Some(labels) => {
                let dims = [slices, rows, columns];
                mapper
                    .map_slices(&labels, dims, &choice, cut.index..cut.index + 1)
                    .await
            }
            None => mapper.map(&cut.labels(), [1, rows, columns], &choice).await,
        };
        // What is wrong with the choice stands in the contour panel, and a lost device in the banner.
        let bits = bits.unwrap_or_else(|_| vec![0; rows * columns]);
        Shown {
            cut,
            contour: bits.into(),
            choice,
        }
    }
}
