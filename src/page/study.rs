//! The study on screen: one channel of a subject with its labels.

use std::sync::Arc;

use super::Window;
use crate::lab::Cohort;
use crate::lab::cohort::Channel;
use crate::nifti::{FileSpace, Plane};

/// What the values of an image mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modality {
    /// Hounsfield units.
    Ct,
    /// Arbitrary units.
    Other,
}

/// A class of the label.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub name: String,
    /// sRGB.
    pub color: [u8; 3],
    /// The value that the label file has for it.
    pub value: i64,
    pub voxels: usize,
}

/// Axial slices for training and for validation; those in neither keep the two apart or show no class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    pub train: Vec<usize>,
    pub validation: Vec<usize>,
}

/// One channel of a subject with its reference labels, both on the same grid in RAS order: x to the patient's right, y to
/// the front, z to the head; x runs fastest.
#[derive(Clone, Debug)]
pub struct Study {
    pub title: String,
    /// Key of the sample in `samples.json`; `None` for the visitor's own files.
    pub sample: Option<String>,
    /// Number of the subject and of the channel in the cohort.
    pub subject: usize,
    pub channel: usize,
    pub modality: Modality,
    /// Voxels along x, y, z.
    pub shape: [usize; 3],
    pub spacing_mm: [f32; 3],
    /// Rows of the affine from voxel index to millimetres.
    pub world_from_voxel: [[f64; 4]; 3],
    pub image: Channel,
    /// One in [`Study::one_in`] of its values, from the first on: what statistics on screen are of.
    pub some: Arc<[f32]>,
    pub one_in: usize,
    /// Where the image's own file says that its voxels lie, for a mask that is to lie there.
    pub file: FileSpace,
    /// Class of each voxel, an index into `classes`, or [`contour::IGNORED`](crate::contour::IGNORED); 0 is the background.
    pub labels: Arc<Vec<u8>>,
    /// Class 0 is the background.
    pub classes: Vec<Class>,
    /// Packed rgba8 of each class; 32 of them.
    pub colors: Arc<[u32]>,
    /// 0.5 to 99.5 % of the values.
    pub automatic: Window,
    /// Lowest to highest value.
    pub full: Window,
    pub split: Split,
    /// What was put right on the way in, in sentences.
    pub notes: Vec<String>,
}

impl Study {
    /// Whether a label is of a class other than the background.
    pub fn is_foreground(&self, label: u8) -> bool {
        (1..self.classes.len()).contains(&usize::from(label))
    }

    /// The position of a voxel in a flat array.
    pub fn index(&self, [x, y, z]: [usize; 3]) -> usize {
        x + self.shape[0] * (y + self.shape[1] * z)
    }

    /// The voxel at a position in a flat array.
    pub fn voxel(&self, index: usize) -> [usize; 3] {
        let [width, height, _] = self.shape;
        let row = index / width;
        [index % width, row % height, row / height]
    }

    /// Whether it is the same image, under whatever labels.
    pub fn is_same_scan(&self, other: &Self) -> bool {
        self.image.is_same(&other.image)
    }

    /// The same image under other labels of the same classes.
    #[must_use]
    pub fn with_labels(&self, labels: Arc<Vec<u8>>) -> Self {
        let mut study = self.clone();
        let mut counts = [0; 256];
        labels.iter().for_each(|class| counts[usize::from(*class)] += 1);
        for (class, count) in study.classes.iter_mut().zip(counts) {
            class.voxels = count;
        }
        study.labels = labels;
        study
    }

    /// Unit of the values.
    pub fn unit(&self) -> &'static str {
        match self.modality {
            Modality::Ct => "HU",
            Modality::Other => "",
        }
    }

    /// The window with which it opens.
    pub fn first_window(&self) -> Window {
        match self.modality {
            Modality::Ct => Window::SOFT_TISSUE,
            Modality::Other => self.automatic,
        }
    }

    /// Millimetres of a voxel's centre.
    pub fn world(&self, voxel: [usize; 3]) -> [f64; 3] {
        self.world_from_voxel
            .map(|row| row[3] + (0..3).map(|axis| row[axis] * voxel[axis] as f64).sum::<f64>())
    }

    /// Where to look first: in the axial slice with most classes, on the foreground voxel next to the middle of
    /// its foreground.
    pub fn first_look(&self, cohort: &Cohort) -> [usize; 3] {
        let area = self.shape[0] * self.shape[1];
        let counts = cohort.subjects[self.subject].class_counts(&cohort.table.lookup());
        let richness = |z: &usize| {
            let shown = counts
                .get(*z)
                .map_or(&[][..], |counts| counts.get(1..).unwrap_or(&[]));
            let classes = shown.iter().filter(|count| **count > 0).count();
            (classes, shown.iter().sum::<u32>())
        };
        let z = (0..self.shape[2]).max_by_key(richness).unwrap_or(0);
        let inside: Vec<_> = (0..area)
            .filter(|i| self.is_foreground(self.labels[area * z + i]))
            .map(|i| Plane::Axial.voxel(i % self.shape[0], i / self.shape[0], z))
            .collect();
        let middle = [0, 1].map(|axis| {
            let sum: usize = inside.iter().map(|voxel| voxel[axis]).sum();
            sum.checked_div(inside.len()).unwrap_or(self.shape[axis] / 2)
        });
        let apart =
            |voxel: &[usize; 3]| voxel[0].abs_diff(middle[0]).pow(2) + voxel[1].abs_diff(middle[1]).pow(2);
        inside
            .into_iter()
            .min_by_key(apart)
            .unwrap_or([middle[0], middle[1], z])
    }
}
