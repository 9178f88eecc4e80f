//! The predicted slice on screen: asked for by its number among the slices of all subjects, shown by its own.

use std::sync::Arc;

use leptos::prelude::*;

use crate::loss::{Facts, Given};
use crate::page::{Asked, Made, Predicted};
use crate::train::{Command, SliceOfDataset};
use crate::ui::store::{State, Training};

impl Training {
    /// Asks for the prediction of the slice on screen, if its subject takes part in the run.
    pub fn show_here(self, state: State) {
        let made = self.made.get_untracked();
        let study = state.study.get_untracked();
        let slice = state.axial_slice();
        if let (Some(made), Some(study)) = (made, study)
            && let Some(placed) = made
                .placed(study.subject)
                .filter(|placed| slice.0 < placed.slices)
        {
            self.send(Command::Show(placed.slice(slice)));
        }
    }

    /// Has the slice on screen predicted, by a new session if there is none.
    pub fn ask_here(self, state: State) {
        if self.has_session() {
            self.show_here(state);
        } else {
            self.open(state, None);
        }
    }

    /// Shows a prediction, unless its subject is not on screen any more.
    pub fn keep_shown(
        self,
        state: State,
        made: &Made,
        step: u64,
        slice: SliceOfDataset,
        labels: &[u32],
        given: Given,
    ) {
        let Some(((subject, placed, slice), study)) = made.locate(slice).zip(state.study.get_untracked())
        else {
            return;
        };
        if study.subject != subject {
            return;
        }
        let older = self
            .predicted
            .get_untracked()
            .is_some_and(|last| last.step != step);
        let map = placed.fit.to_source_map(labels);
        state.predictions.update(|predictions| {
            if older {
                predictions.clear();
            }
            predictions.insert(slice, map.into());
        });
        self.predicted.set(Some(Predicted { step, slice }));
        state.pixels.asked.set(Some(Arc::new(Asked {
            study,
            slice,
            step,
            given,
            fit: placed.fit,
            facts: Facts {
                step,
                ..made.facts.clone()
            },
            contour: made.plan.contour,
        })));
    }
}
