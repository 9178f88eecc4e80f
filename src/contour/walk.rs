//! Erosion, step by step: the structuring element visits the pixels of a window one after the other, and each
//! verdict says why.
//!
//! The element is laid whole on each pixel, as in the definition, and not line by line as in [`Choice::passes`];
//! both leave the same. Positions are `[column, row, slice]` of the plane that the contour is taken in.

mod field;
mod place;
mod progress;
mod steps;
#[cfg(test)]
mod tests;

pub use place::{Window, nearest_boundary};
pub use progress::{Made, Square};
pub use steps::Walk;

/// What is done with the pixels of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// ⊖ B
    Erode,
    /// ⊕ B
    Dilate,
    /// The larger set minus the smaller.
    Difference,
}

/// One visit of every pixel of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    pub phase: Phase,
    /// Which erosion or dilation it is, from 1; 1 for the difference.
    pub iteration: u32,
}

/// What lies under one cell of the element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A pixel of the class; to an erosion also one of no class, of which nothing is known.
    Inside,
    /// A pixel of another class.
    Outside,
    /// Nothing, beyond the image: the border rule says whether that counts as inside.
    Beyond { counts: bool },
}

impl Found {
    /// Whether it speaks for the pixel.
    #[must_use]
    pub fn is_hit(self) -> bool {
        matches!(self, Self::Inside | Self::Beyond { counts: true })
    }
}

/// One cell of the element where it lies: mirrored in a dilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// From the anchor, `[columns, rows, slices]`.
    pub offset: [i32; 3],
    pub found: Found,
}

/// What becomes of the pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was in, and stays.
    Kept,
    /// It was in, and an erosion takes it away.
    Removed,
    /// It was out, and a dilation adds it.
    Added,
    /// It was out, and stays.
    StaysOut,
    Contour,
    NotContour,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// What the element found, the anchor among it.
    Element(Vec<Cell>),
    /// Whether the pixel is in the larger set, and in the smaller.
    Difference { larger: bool, smaller: bool },
}

/// One pixel of one pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Index into [`Walk::passes`].
    pub pass: usize,
    pub phase: Phase,
    pub iteration: u32,
    /// Column and row.
    pub pixel: [usize; 2],
    pub verdict: Verdict,
    pub reason: Reason,
}
