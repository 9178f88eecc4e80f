//! Has the whole volume predicted, and keeps what comes of it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::page::{Pace, Phase, Predicted, PredictedVolume, VolumeState};
use crate::train::{Command, SliceOfSubject};
use crate::ui::store::{State, Training};

impl Training {
    /// Predicts the whole volume under the weights as they are, or as a run would start from.
    pub fn predict_volume(self, state: State) {
        let study = state.data.study.get_untracked();
        let place = study.as_ref().and_then(|study| {
            let made = if self.has_session() {
                self.made.get_untracked()
            } else {
                self.asking.made.get_untracked()
            };
            let cohort = match made {
                Some(made) => Arc::clone(&made.plan.cohort),
                None => state.data.cohort.get_untracked()?,
            };
            cohort.used().iter().position(|used| *used == study.subject)
        });
        // A subject that takes no part is not offered.
        if let Some(place) = place {
            let command = Command::PredictVolume(place as u32);
            let asked = self.asking.made.with_untracked(Option::is_some) && !self.has_session();
            if asked && self.tell_predictor(command.clone()) {
                self.volume.update(|volume| volume.progress = Some([0, 0]));
            } else {
                self.ask(state, command);
            }
            self.volume.update(|volume| volume.asked = study);
        }
    }

    /// Forgets the volume under way.
    pub fn cancel_volume(self) {
        if self.tell_predictor(Command::CancelVolume) {
            self.volume.update(VolumeState::stop);
        }
    }

    /// Whether there is a session, or one could be made.
    pub fn can_predict(&self) -> bool {
        match self.phase.get() {
            Phase::Idle => self.outlook.with(|outlook| matches!(outlook, Some(Ok(_)))),
            Phase::Preparing | Phase::Recovering | Phase::Compiling(_) | Phase::Failed(_) => false,
            Phase::Running | Phase::Predicting | Phase::Pausing | Phase::Paused | Phase::Finished => true,
        }
    }

    /// Keeps a finished volume, and shows its slices.
    pub fn keep_volume(self, state: State, step: u64, labels: Vec<u8>) {
        let shown = state.data.study.get_untracked();
        let asked = self.volume.with_untracked(|volume| volume.asked.clone());
        let Some(study) = asked.or_else(|| shown.clone()) else {
            return;
        };
        let area = study.shape[0] * study.shape[1];
        if shown.is_some_and(|shown| shown.subject == study.subject) {
            state.predictions.set(
                (0..)
                    .map(SliceOfSubject)
                    .zip(labels.chunks_exact(area).map(Arc::from))
                    .collect(),
            );
        }
        // Steps waited meanwhile, which says nothing of their pace.
        self.pace.update(Pace::restart);
        let slice = state.view.axial_slice();
        self.predicted.set(Some(Predicted { step, slice }));
        self.volume.set(VolumeState {
            progress: None,
            asked: None,
            last: Some(Arc::new(PredictedVolume {
                step,
                labels: Arc::new(labels),
                study,
            })),
        });
    }
}
