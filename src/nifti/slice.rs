//! Planes through a volume.

use super::voxels::reserved;
use super::{Error, Volume};

/// One of the three planes of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plane {
    /// Across the body: columns run to the right, rows to the front.
    Axial,
    /// From ear to ear: columns run to the right, rows up.
    Coronal,
    /// From nose to neck: columns run to the front, rows up.
    Sagittal,
}

impl Plane {
    pub const ALL: [Self; 3] = [Self::Axial, Self::Coronal, Self::Sagittal];

    /// RAS axes of the columns, of the rows, and through the plane.
    #[must_use]
    pub fn axes(self) -> [usize; 3] {
        match self {
            Self::Axial => [0, 1, 2],
            Self::Coronal => [0, 2, 1],
            Self::Sagittal => [1, 2, 0],
        }
    }

    /// Width, height and number of slices of a volume of that RAS shape.
    #[must_use]
    pub fn extent(self, shape: [usize; 3]) -> [usize; 3] {
        self.axes().map(|axis| shape[axis])
    }

    /// The RAS index of a pixel.
    #[must_use]
    pub fn voxel(self, column: usize, row: usize, index: usize) -> [usize; 3] {
        let mut ras = [0; 3];
        for (axis, position) in self.axes().into_iter().zip([column, row, index]) {
            ras[axis] = position;
        }
        ras
    }

    pub(super) fn check(self, index: usize, shape: [usize; 3]) -> Result<[usize; 2], Error> {
        let [width, height, count] = self.extent(shape);
        if index < count {
            return Ok([width, height]);
        }
        Err(Error::SliceIndex { index, count })
    }
}

/// A plane of values, rows of increasing RAS index: the first row is the lowest or rearmost. Turning it
/// for the eye is the viewer's affair.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice<T> {
    pub plane: Plane,
    pub index: usize,
    pub width: usize,
    pub height: usize,
    /// Size of a pixel along a row and along a column.
    pub spacing_mm: [f64; 2],
    /// `height` rows of `width`.
    pub values: Vec<T>,
}

impl Volume {
    /// A plane of one frame, scaled, colours as their grey.
    ///
    /// # Errors
    /// [`Error::SliceIndex`], [`Error::FrameIndex`].
    pub fn slice(&self, plane: Plane, index: usize, frame: usize) -> Result<Slice<f32>, Error> {
        self.check_frame(frame)?;
        let [width, height] = plane.check(index, self.grid().shape)?;
        let mut values = reserved(width * height)?;
        for row in 0..height {
            for column in 0..width {
                let voxel = self.voxel(plane.voxel(column, row, index));
                values.push(self.grey(frame, voxel) as f32);
            }
        }
        let [across, down, _] = plane.axes().map(|axis| self.spacing_mm()[axis]);
        Ok(Slice {
            plane,
            index,
            width,
            height,
            spacing_mm: [across, down],
            values,
        })
    }
}
