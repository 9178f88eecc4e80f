//! The field of view: how many voxels, and how large they are.

use serde::{Deserialize, Serialize};

/// A slice (H, W) or a volume (D, H, W); the last axis runs fastest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// (D, H, W); D is 1 for a slice.
    shape: [usize; 3],
    /// Along the same axes; the first is 1 for a slice, and means nothing there.
    spacing_mm: [f64; 3],
    is_slice: bool,
}

/// Square millimetres in a square centimetre.
const MM2_PER_CM2: f64 = 100.0;
/// Cubic millimetres in a millilitre.
const MM3_PER_ML: f64 = 1000.0;

impl Field {
    /// A slice of (H, W) pixels: what lies above and below does not count.
    #[must_use]
    pub fn slice([height, width]: [usize; 2], [y_mm, x_mm]: [f64; 2]) -> Self {
        Self {
            shape: [1, height, width],
            spacing_mm: [1.0, y_mm, x_mm],
            is_slice: true,
        }
    }

    /// A volume of (D, H, W) voxels, spacing along the same axes.
    #[must_use]
    pub fn volume(shape: [usize; 3], spacing_mm: [f64; 3]) -> Self {
        Self {
            shape,
            spacing_mm,
            is_slice: false,
        }
    }

    /// (D, H, W); D is 1 for a slice.
    #[must_use]
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    #[must_use]
    pub fn spacing_mm(&self) -> [f64; 3] {
        self.spacing_mm
    }

    #[must_use]
    pub fn is_slice(&self) -> bool {
        self.is_slice
    }

    /// Pixels or voxels.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The axes that count: all three, or those of the slice.
    pub(super) fn axes(&self) -> std::ops::Range<usize> {
        usize::from(self.is_slice)..3
    }

    /// From corner to opposite corner: further apart than any two voxels can be.
    #[must_use]
    pub fn diagonal_mm(&self) -> f64 {
        self.axes()
            .map(|axis| (self.shape[axis] as f64 * self.spacing_mm[axis]).powi(2))
            .sum::<f64>()
            .sqrt()
    }

    /// What so many voxels fill: millilitres, or square centimetres in a slice.
    #[must_use]
    pub fn extent(&self, voxels: u64) -> f64 {
        let voxel: f64 = self.axes().map(|axis| self.spacing_mm[axis]).product();
        let unit = if self.is_slice { MM2_PER_CM2 } else { MM3_PER_ML };
        voxels as f64 * voxel / unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_their_units() {
        let volume = Field::volume([2, 3, 6], [1.5, 2.0, 1.0]);
        assert_eq!(volume.diagonal_mm(), 81.0_f64.sqrt());
        assert_eq!(volume.extent(1000), 3.0);
        let slice = Field::slice([3, 4], [2.0, 2.0]);
        assert_eq!(slice.diagonal_mm(), 10.0);
        assert_eq!(slice.extent(50), 2.0);
    }
}
