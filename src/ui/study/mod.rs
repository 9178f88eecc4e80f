//! Whose picture is it? The study on screen, where it came from, and what is wrong with the next one.

mod bar;
mod task;

use std::sync::Arc;

use web_sys::DragEvent;

use super::State;
use super::viewer::Window;
pub use bar::StudyBar;
pub use task::{Task, TaskLine};

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

/// Axial slices for training and for validation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    pub train: Vec<usize>,
    pub validation: Vec<usize>,
}

/// An image with its reference labels, both on the same grid in RAS order: x to the patient's right, y to
/// the front, z to the head; x runs fastest.
#[derive(Clone, Debug)]
pub struct Study {
    pub title: String,
    pub modality: Modality,
    /// Voxels along x, y, z.
    pub shape: [usize; 3],
    pub spacing_mm: [f32; 3],
    /// Rows of the affine from voxel index to millimetres.
    pub world_from_voxel: [[f64; 4]; 3],
    pub values: Arc<[f32]>,
    /// Class of each voxel, an index into `classes`; 0 is the background.
    pub labels: Arc<[u8]>,
    /// Class 0 is the background.
    pub classes: Vec<Class>,
    /// Packed rgba8 of each class; 32 of them.
    pub colors: Arc<[u32]>,
    /// 0.5 to 99.5 % of the values.
    pub automatic: Window,
    /// Lowest to highest value.
    pub full: Window,
    pub split: Split,
}

impl Study {
    /// The position of a voxel in a flat array.
    pub fn index(&self, [x, y, z]: [usize; 3]) -> usize {
        x + self.shape[0] * (y + self.shape[1] * z)
    }

    /// Unit of the values.
    pub fn unit(&self) -> &'static str {
        match self.modality {
            Modality::Ct => "HU",
            Modality::Other => "",
        }
    }

    /// Millimetres of a voxel's centre.
    pub fn world(&self, voxel: [usize; 3]) -> [f64; 3] {
        self.world_from_voxel
            .map(|row| row[3] + (0..3).map(|axis| row[axis] * voxel[axis] as f64).sum::<f64>())
    }
}

/// Loads what a visitor sees first.
pub fn open_first(_state: State) {}

/// A drop is only offered to a page that says it takes it.
pub fn allow_drop(event: DragEvent) {
    event.prevent_default();
}

/// Takes dropped files.
pub fn take_drop(_state: State, event: &DragEvent) {
    event.prevent_default();
}
