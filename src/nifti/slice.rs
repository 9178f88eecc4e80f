//! Planes through a volume.

use serde::{Deserialize, Serialize};

use super::voxels::reserved;
use super::{Error, Volume};

/// One of the three planes of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

#[cfg(test)]
mod tests {
    use super::super::fixture::File;
    use super::*;

    /// A value that spells its RAS index: 100 x + 10 y + z.
    fn spelled(rows: [[f32; 4]; 3], shape: [i16; 3], ras: impl Fn([i16; 3]) -> [i16; 3]) -> Volume {
        let mut values = Vec::new();
        for k in 0..shape[2] {
            for j in 0..shape[1] {
                for i in 0..shape[0] {
                    let [x, y, z] = ras([i, j, k]);
                    values.push(100 * x + 10 * y + z);
                }
            }
        }
        let mut file = File::i16(&shape, &values).with_sform(rows);
        file.pixdim = [1.0, 4.0, 5.0, 6.0, 1.0, 1.0, 1.0, 1.0];
        file.volume()
    }

    fn check(volume: &Volume) {
        assert_eq!(volume.grid().shape, [2, 3, 4]);
        for plane in Plane::ALL {
            let [width, height, count] = plane.extent([2, 3, 4]);
            for index in 0..count {
                let slice = volume.slice(plane, index, 0).unwrap();
                assert_eq!((slice.width, slice.height), (width, height));
                assert_eq!(slice.values.len(), width * height);
                for row in 0..height {
                    for column in 0..width {
                        let [x, y, z] = plane.voxel(column, row, index);
                        let expected = (100 * x + 10 * y + z) as f32;
                        assert_eq!(slice.values[row * width + column], expected, "{plane:?}");
                    }
                }
            }
            assert_eq!(
                volume.slice(plane, count, 0),
                Err(Error::SliceIndex { index: count, count })
            );
        }
    }

    #[test]
    fn planes_hold_ras_rows_whatever_the_file_order() {
        let ras = [[4.0, 0.0, 0.0, 0.0], [0.0, 5.0, 0.0, 0.0], [0.0, 0.0, 6.0, 0.0]];
        check(&spelled(ras, [2, 3, 4], |index| index));
        let lps = [[-4.0, 0.0, 0.0, 0.0], [0.0, -5.0, 0.0, 0.0], [0.0, 0.0, 6.0, 0.0]];
        check(&spelled(lps, [2, 3, 4], |[i, j, k]| [1 - i, 2 - j, k]));
        let pir = [[0.0, 0.0, 6.0, 0.0], [-4.0, 0.0, 0.0, 0.0], [0.0, -5.0, 0.0, 0.0]];
        let volume = spelled(pir, [3, 4, 2], |[i, j, k]| [k, 2 - i, 3 - j]);
        check(&volume);
        assert_eq!(volume.spacing_mm(), [6.0, 4.0, 5.0]);
        assert_eq!(volume.slice(Plane::Axial, 0, 0).unwrap().spacing_mm, [6.0, 4.0]);
        assert_eq!(volume.slice(Plane::Coronal, 0, 0).unwrap().spacing_mm, [6.0, 5.0]);
        assert_eq!(
            volume.slice(Plane::Sagittal, 0, 0).unwrap().spacing_mm,
            [4.0, 5.0]
        );
        let whole = volume.frame_f32(0).unwrap();
        assert_eq!(whole[..4], [0.0, 100.0, 10.0, 110.0]);
        let mut slabs = Vec::new();
        for slices in [0..1, 1..1, 1..3, 3..4] {
            volume.extend_f32(&mut slabs, 0, slices).unwrap();
        }
        assert_eq!(slabs, whole);
        let beyond = volume.extend_f32(&mut slabs, 0, 3..5);
        assert_eq!(beyond, Err(Error::SliceIndex { index: 4, count: 4 }));
        assert_eq!(slabs, whole, "nothing is added");
    }

    #[test]
    fn a_frame_is_chosen_and_a_colour_becomes_grey() {
        let values: Vec<i16> = (0..16).collect();
        let volume = File::i16(&[2, 2, 2, 2], &values).volume();
        assert_eq!(volume.shape(), [2, 2, 2, 2]);
        let slice = volume.slice(Plane::Axial, 1, 1).unwrap();
        assert_eq!(slice.values, [12.0, 13.0, 14.0, 15.0]);
        assert_eq!(
            volume.slice(Plane::Axial, 0, 2),
            Err(Error::FrameIndex { frame: 2, count: 2 })
        );
        let mut colour = File::u8(&[2, 1, 1], vec![255, 255, 255, 0, 100, 0]);
        colour.datatype = 128;
        let volume = colour.volume();
        let slice = volume.slice(Plane::Axial, 0, 0).unwrap();
        assert_eq!((slice.width, slice.height), (2, 1));
        assert!((slice.values[0] - 255.0).abs() < 1e-4 && (slice.values[1] - 71.52).abs() < 1e-4);
        assert_eq!(volume.file_value(&[1, 0, 0], 1), Some(100.0));
        assert_eq!(volume.integer([0, 0, 0], 0), None);
    }
}
