//! What is meant by "the contour".

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::gpu;

/// Shape of the structuring element B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// `max(|x|, |y|, |z|) ≤ r`: the paper's, with r = 1.
    Square,
    /// `|x| + |y| + |z| ≤ r`.
    Cross,
    /// `x² + y² + z² ≤ r²`.
    Disk,
    /// 2 × 2 (× 2) with the anchor at index 1, the element of the authors' shipped preprocessing: only the
    /// low-index faces of an object become contour. It has no radius.
    SquareEven,
}

/// How the contour `C` of a mask `G` is made of erosion ⊖ and dilation ⊕.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// `G − (G ⊖ B)`: the inner contour, the paper's.
    Erode,
    /// `(G ⊕ B) − G`: the outer contour.
    Dilate,
    /// `(G ⊕ B) − (G ⊖ B)`: both; the authors' code calls it ContainBackground.
    Gradient,
}

/// What an erosion finds outside the image. A dilation never grows in from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Border {
    /// Outside counts as 0 (SciPy's default): a mask that touches the edge has a contour there.
    Background,
    /// Outside never erodes (OpenCV's default).
    Ignore,
}

/// Where the structuring element lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Frame {
    /// In the plane of each slice.
    Slice,
    /// In the volume; the contour is sliced afterwards.
    Volume,
}

/// Everything that decides a contour map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub operator: Operator,
    pub shape: Shape,
    /// r ≥ 1, in pixels.
    pub radius: u32,
    /// Erosions (dilations) before the difference is taken, ≥ 1.
    pub iterations: u32,
    pub border: Border,
    pub frame: Frame,
}

impl Default for Choice {
    /// 3 × 3 inner contour in the slice with OpenCV's border, as in the paper's 2D experiments.
    fn default() -> Self {
        Self {
            operator: Operator::Erode,
            shape: Shape::Square,
            radius: 1,
            iterations: 1,
            border: Border::Ignore,
            frame: Frame::Slice,
        }
    }
}

/// Why there is no contour map.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Check the radius.
    #[error("A radius of {0} is outside 1 to {max}. Choose a radius in that range.", max = Choice::MAX_RADIUS)]
    Radius(u32),
    /// Check the iterations.
    #[error("{0} iterations are outside 1 to {max}. Choose a number in that range.", max = Choice::MAX_ITERATIONS)]
    Iterations(u32),
    /// Merge or drop classes: the contour of class k is bit k of a 32-bit word.
    #[error(
        "{0} classes are more than the 32 (background included) that fit a contour map. Merge or drop some."
    )]
    Classes(usize),
    /// Check that the label's length is that of its dimensions, none of them 0.
    #[error("A label of {len} voxels was given as {dims:?} (slices, rows, columns). Load it again.")]
    Dimensions { len: usize, dims: [usize; 3] },
    /// The graphics device could not do it.
    #[error(transparent)]
    Gpu(#[from] gpu::Error),
}

impl Choice {
    /// A ball of radius 8 in 3D has 2,109 voxels; beyond that the naive erosion stops being interactive.
    pub const MAX_RADIUS: u32 = 8;
    pub const MAX_ITERATIONS: u32 = 8;

    /// # Errors
    /// When radius or iterations are out of range.
    pub fn validate(&self) -> Result<(), Error> {
        if !(1..=Self::MAX_RADIUS).contains(&self.radius) {
            return Err(Error::Radius(self.radius));
        }
        if !(1..=Self::MAX_ITERATIONS).contains(&self.iterations) {
            return Err(Error::Iterations(self.iterations));
        }
        Ok(())
    }

    /// Whether this is the inner contour of one erosion by 3 × 3 pixels, under either border: [`Choice::default`] and
    /// its SciPy sibling.
    pub(super) fn is_plain(&self) -> bool {
        let plain = Self::default();
        let border = plain.border;
        Self { border, ..*self } == plain
    }

    /// How far, in pixels, a label can reach the contour of its neighbourhood.
    #[must_use]
    pub fn reach(&self) -> u32 {
        let radius = if self.shape == Shape::SquareEven {
            1
        } else {
            self.radius
        };
        radius * self.iterations
    }

    /// The slices of a volume of `depth` that have to be read for the contour of some of them. As many at its ends as in
    /// between, if there are enough, so that one recording does for all.
    #[must_use]
    pub fn reads(&self, slices: Range<usize>, depth: usize) -> Range<usize> {
        if self.frame == Frame::Slice || self.validate().is_err() {
            return slices;
        }
        let reach = self.reach() as usize;
        let count = (slices.len() + 2 * reach).min(depth);
        let start = slices.start.saturating_sub(reach).min(depth - count);
        start..start + count
    }
}
