//! The predicted slice on screen: asked for by its number among the slices of all subjects, shown by its own.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::{Purpose, Request};
use crate::loss::{Facts, Given};
use crate::page::{Asked, Made, Phase};
use crate::train::{Command, SliceOfDataset};
use crate::ui::store::{Data, State, Training, View};

impl Training {
    /// Asks for the prediction of the slice on screen: of the run if the subject takes part in it, else of the network that is
    /// asked without being trained.
    pub fn show_here(self, data: Data, view: View) {
        let Some(study) = data.study.get_untracked() else {
            return;
        };
        let slice = view.axial_slice();
        let run = self.made.get_untracked().filter(|_| self.has_session());
        let asked = self.asking.made.get_untracked();
        let sessions = [(Purpose::Train, run), (Purpose::Ask, asked)];
        let wanted = sessions.into_iter().find_map(|(purpose, made)| {
            let placed = made?
                .placed(study.subject)
                .filter(|placed| slice.0 < placed.slices)?;
            Some((purpose, placed.slice(slice)))
        });
        if let Some((purpose, slice)) = wanted {
            self.engine
                .with_value(|engine| engine.tell(Request::Tell(purpose, Command::Show(slice))));
        }
    }

    /// Whether the run predicts the slices of the subject on screen.
    pub fn predicts_here(self, data: Data) -> bool {
        let subject = data.study.with(|study| study.as_ref().map(|study| study.subject));
        let is_open = matches!(
            self.phase.get(),
            Phase::Running | Phase::Predicting | Phase::Pausing | Phase::Paused | Phase::Finished
        );
        let placed = |subject| {
            self.made
                .with(|made| made.as_ref().is_some_and(|made| made.placed(subject).is_some()))
        };
        is_open && subject.is_some_and(placed)
    }

    /// Shows a prediction under these weights, unless its subject is not on screen any more.
    #[expect(clippy::too_many_arguments, reason = "what an event brings, and whose it is")]
    pub fn keep_shown(
        self,
        state: State,
        made: &Made,
        weights: String,
        step: u64,
        slice: SliceOfDataset,
        labels: &[u32],
        given: Given,
    ) {
        let Some(((subject, placed, slice), study)) =
            made.locate(slice).zip(state.data.study.get_untracked())
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
        state.pixels.asked.set(Some(Arc::new(Asked {
            study,
            slice,
            weights,
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
