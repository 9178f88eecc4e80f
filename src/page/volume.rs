//! The prediction of the whole volume: how far it is, and the last one that was finished.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Study;
use crate::metrics::Field;
use crate::nifti::Error;
use crate::train::SliceOfSubject;

/// Predicted classes of axial slices of the study: class of each pixel, x fastest, as in [`Study::labels`].
pub type Predictions = BTreeMap<SliceOfSubject, Arc<[u8]>>;

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
        let safe = file_stem(&self.study.title);
        format!("{safe}-prediction-step{}.nii.gz", self.step)
    }
}

/// A title as the beginning of a file's name: what every system takes, without NIfTI's endings.
pub fn file_stem(title: &str) -> String {
    let stem = title.trim_end_matches(".gz").trim_end_matches(".nii");
    let safe = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    stem.chars().map(safe).collect()
}
