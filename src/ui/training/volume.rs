//! The prediction of the whole volume: how far it is, and the last one that was finished.

use std::sync::Arc;

use leptos::prelude::*;

use super::pace::Pace;
use super::state::{Phase, Predicted, Training};
use crate::metrics::Field;
use crate::nifti::Error;
use crate::train::{Command, SliceOfSubject};
use crate::ui::study::Study;
use crate::ui::{State, browser};

/// What the page knows of it. A finished one stays until the next is finished.
#[derive(Clone, Debug, Default)]
pub struct VolumeState {
    /// Slices done, and slices in all.
    pub progress: Option<[u32; 2]>,
    /// Whose volume it is.
    pub asked: Option<Arc<Study>>,
    pub last: Option<Arc<PredictedVolume>>,
}

impl VolumeState {
    /// Nothing is under way any more.
    pub fn stop(&mut self) {
        self.progress = None;
    }
}

/// A predicted volume.
#[derive(Debug)]
pub struct PredictedVolume {
    /// Steps that its weights had been trained for.
    pub step: u64,
    /// The class of each voxel, in the order of the study's labels.
    pub labels: Arc<Vec<u8>>,
    pub study: Arc<Study>,
}

/// The same prediction, not an equal one.
impl PartialEq for PredictedVolume {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.labels, &other.labels)
    }
}

impl PredictedVolume {
    /// The volume as the metrics see it: (D, H, W).
    pub fn field(&self) -> Field {
        let study = &self.study;
        let [width, height, slices] = study.shape;
        let [x, y, z] = study.spacing_mm.map(f64::from);
        Field::volume([slices, height, width], [z, y, x])
    }

    /// One axial slice of it: (H, W).
    pub fn slice_field(&self) -> Field {
        let [_, height, width] = self.field().shape();
        let [_, y, x] = self.field().spacing_mm();
        Field::slice([height, width], [y, x])
    }

    /// The labels as a NIfTI file in the space of the image's own file, with the label file's own numbers.
    ///
    /// # Errors
    /// Where the format cannot hold it.
    pub fn nifti(&self) -> Result<Vec<u8>, Error> {
        let study = &self.study;
        let values: Vec<i64> = study.classes.iter().map(|class| class.value).collect();
        study.file.write_labels(&self.labels, &values)
    }

    /// A name for that file.
    pub fn file_name(&self) -> String {
        let safe = browser::file_stem(&self.study.title);
        format!("{safe}-prediction-step{}.nii.gz", self.step)
    }
}

impl Training {
    /// Predicts the whole volume under the weights as they are, or as a run would start from.
    pub fn predict_volume(self, state: State) {
        let study = state.study.get_untracked();
        let place = study.as_ref().and_then(|study| {
            let made = if self.has_session() {
                self.made.get_untracked()
            } else {
                self.asking.made.get_untracked()
            };
            let cohort = match made {
                Some(made) => Arc::clone(&made.plan.cohort),
                None => state.cohort.get_untracked()?,
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
    pub(super) fn keep_volume(self, state: State, step: u64, labels: Vec<u8>) {
        let shown = state.study.get_untracked();
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
        let slice = state.axial_slice();
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
