//! How much of each class is contour, over the whole volume, a few slices at a time.

use std::sync::Arc;

use leptos::prelude::*;

use crate::contour::{Choice, Extent, Frame, extents, union_count};
use crate::nifti::Plane;
use crate::page::{Extents, Study, mapping};
use crate::ui::ground::browser;
use crate::ui::ground::latest::Latest;
use crate::ui::store::State;

/// Voxels handed over between two breaths of the page: some 10 ms on a processor.
const CHUNK_VOXELS: usize = 1 << 18;

struct Job {
    study: Arc<Study>,
    dims: [usize; 3],
    classes: usize,
    plane: Plane,
    choice: Choice,
}

pub fn follow(state: State) {
    let latest = Latest::new();
    Effect::new(move || {
        // The picture comes first.
        let Some(study) = state.data.study.get().filter(|_| state.view.settled.get()) else {
            return;
        };
        let plane = state.view.plane.get();
        let choice = state.objective.contour.get();
        let [columns, rows, slices] = plane.extent(study.shape);
        let job = Job {
            dims: [slices, rows, columns],
            classes: study.classes.len(),
            plane,
            choice,
            study,
        };
        state
            .maps
            .extents
            .update(|extents| extents.progress = [0, slices]);
        let asked = latest.clone();
        latest.ask(job, move |job| {
            let asked = asked.clone();
            async move { job.run(state, || asked.is_overtaken()).await }
        });
    });
}

impl Job {
    async fn run(self, state: State, is_overtaken: impl Fn() -> bool) {
        let [slices, rows, columns] = self.dims;
        let area = rows * columns;
        let studio = state.compute.studio();
        browser::next_frame().await;
        let mut found = Extents {
            classes: vec![Extent::default(); self.classes],
            progress: [0, slices],
            plane: (self.choice.frame == Frame::Slice).then_some(self.plane),
            ..Extents::default()
        };
        let chunk = (CHUNK_VOXELS / area).max(1);
        for start in (0..slices).step_by(chunk) {
            browser::pause().await;
            if is_overtaken() {
                return;
            }
            let range = start..(start + chunk).min(slices);
            let mapping = mapping(&self.study, self.plane, range.clone(), &self.choice);
            let own = area * mapping.slices.start..area * mapping.slices.end;
            let labels = mapping.labels[own].to_vec();
            let bits = studio.contour(mapping).await;
            // What is wrong with the choice stands in the contour panel.
            let Ok(bits) = bits else {
                state.maps.extents.set(Extents::default());
                return;
            };
            for (sum, part) in found
                .classes
                .iter_mut()
                .zip(extents(&labels, &bits, self.classes))
            {
                sum.add(&part);
            }
            found.union[0] += union_count(&bits, !0);
            found.union[1] += union_count(&bits, !1);
            found.progress[0] = range.end;
        }
        state.maps.extents.set(found);
    }
}
