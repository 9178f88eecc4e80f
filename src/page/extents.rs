//! How much of each class is contour, over the whole volume.

use crate::contour::Extent;
use crate::nifti::Plane;

/// What is known so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extents {
    pub classes: Vec<Extent>,
    /// Voxels in which any class has its contour, background too; and without it.
    pub union: [usize; 2],
    /// Slices done, and slices in all.
    pub progress: [usize; 2],
    /// The plane in which the contour was taken; `None` for a contour in the volume.
    pub plane: Option<Plane>,
}

impl Extents {
    pub fn is_complete(&self) -> bool {
        self.progress[0] == self.progress[1] && !self.classes.is_empty()
    }
}
