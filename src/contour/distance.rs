//! How far each pixel is from the other side of each class, on the GPU.

use super::Frame;
use crate::gpu::{Error, Recording, Tensor};
use crate::ops::distance_transform::{self, Pass};
use crate::ops::signed_distance;

/// Exact Euclidean distances between pixel centres, one plane for each class.
#[derive(Clone, Debug)]
pub struct Distance {
    /// (D, K, H, W): from each pixel to the nearest one whose bit k differs from its own, in units of the spacing.
    /// 0 where there is none in the frame: the class is absent or fills everything.
    pub distance: Tensor,
    /// (D, K, H, W), free once `distance` is made.
    spare: Tensor,
}

impl Distance {
    /// Records bits → distance. `bits` (D, H, W) holds class k < `classes` ≤ 32 at bit k, `spacing` is along
    /// z, y, x and above 0. In the frame of the slice each slice is alone, and the spacing along z does not matter.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when a plane for each class does not fit a binding.
    ///
    /// # Panics
    /// If `bits` is not of the size that `dims` says, or there are not 1 to 32 classes.
    pub fn record(
        recording: &mut Recording,
        bits: &Tensor,
        dims: [usize; 3],
        classes: usize,
        spacing: [f32; 3],
        frame: Frame,
    ) -> Result<Self, Error> {
        Self::record_passes(recording, bits, dims, classes, spacing, frame, true)
    }

    /// As [`Distance::record`], but squared: with a spacing of 1 these are exact integers.
    ///
    /// # Errors
    /// As [`Distance::record`].
    ///
    /// # Panics
    /// As [`Distance::record`].
    pub fn record_squared(
        recording: &mut Recording,
        bits: &Tensor,
        dims: [usize; 3],
        classes: usize,
        spacing: [f32; 3],
        frame: Frame,
    ) -> Result<Self, Error> {
        Self::record_passes(recording, bits, dims, classes, spacing, frame, false)
    }

    fn record_passes(
        recording: &mut Recording,
        bits: &Tensor,
        dims: [usize; 3],
        classes: usize,
        spacing: [f32; 3],
        frame: Frame,
        root: bool,
    ) -> Result<Self, Error> {
        let voxels: usize = dims.iter().product();
        assert_eq!(bits.len(), voxels, "class sets of {dims:?}");
        assert!((1..=32).contains(&classes), "{classes} classes");
        let pass = |axis: usize| Pass {
            dims,
            classes,
            axis,
            spacing: spacing[axis],
        };
        let mut distance = recording.scratch("distance", voxels * classes)?;
        let mut spare = recording.scratch("distance", voxels * classes)?;
        distance_transform::record_first(recording, &distance, bits, pass(2));
        let further = frame.further_axes();
        for (i, axis) in further.iter().enumerate() {
            std::mem::swap(&mut distance, &mut spare);
            let last = i + 1 == further.len();
            distance_transform::record_next(recording, &distance, bits, &spare, pass(*axis), last, root);
        }
        Ok(Self { distance, spare })
    }
}

/// The map φ of the boundary loss (Kervadec et al., "Boundary loss for highly unbalanced segmentation", 2019).
#[derive(Clone, Debug)]
pub struct SignedDistance {
    /// (D, K, H, W): outside a class +distance to it, inside −(distance to its outside − 1). 0 everywhere in the
    /// frame for a class that is absent or fills it.
    pub signed: Tensor,
}

impl SignedDistance {
    /// Records bits → distance → φ; the arguments are those of [`Distance::record`].
    ///
    /// # Errors
    /// As [`Distance::record`].
    ///
    /// # Panics
    /// As [`Distance::record`].
    pub fn record(
        recording: &mut Recording,
        bits: &Tensor,
        dims: [usize; 3],
        classes: usize,
        spacing: [f32; 3],
        frame: Frame,
    ) -> Result<Self, Error> {
        let Distance { distance, spare } = Distance::record(recording, bits, dims, classes, spacing, frame)?;
        signed_distance::record(recording, &spare, bits, &distance, dims[1] * dims[2], classes);
        Ok(Self { signed: spare })
    }
}

impl Frame {
    /// The axes (0 for z, 1 for y) that a distance crosses after x.
    pub(super) fn further_axes(self) -> &'static [usize] {
        match self {
            Self::Slice => &[1],
            Self::Volume => &[1, 0],
        }
    }
}
