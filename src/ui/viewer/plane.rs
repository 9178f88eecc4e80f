//! The three planes, and how they lie on the screen.

/// A plane through the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    Axial,
    Coronal,
    Sagittal,
}

impl Plane {
    /// RAS axes of the columns, of the rows, and through the plane.
    pub fn axes(self) -> [usize; 3] {
        match self {
            Self::Axial => [0, 1, 2],
            Self::Coronal => [0, 2, 1],
            Self::Sagittal => [1, 2, 0],
        }
    }

    /// Columns, rows and slices.
    pub fn extent(self, shape: [usize; 3]) -> [usize; 3] {
        self.axes().map(|axis| shape[axis])
    }

    /// The RAS index of a pixel.
    pub fn voxel(self, column: usize, row: usize, index: usize) -> [usize; 3] {
        let mut voxel = [0; 3];
        for (axis, position) in self.axes().into_iter().zip([column, row, index]) {
            voxel[axis] = position;
        }
        voxel
    }
}
