//! What a loss says of a batch.

use serde::{Deserialize, Serialize};

/// The value of the loss and of what it is made of, before α, β and λ except for `total` and `region`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Terms<T = f32> {
    /// α · pixel + β · region.
    pub total: T,
    /// The mean over the pixels.
    pub pixel: T,
    /// λ_contour · contour + λ_rest · rest.
    pub region: T,
    /// The mean ratio on the contours.
    pub contour: T,
    /// The mean ratio off them, or of everything where the contour splits nothing.
    pub rest: T,
}

impl<T: Copy> Terms<T> {
    /// Terms in a run of numbers.
    pub const LEN: usize = 5;

    /// From the order of the fields, which is that of the kernel's terms.
    ///
    /// # Panics
    /// If there are fewer than [`Terms::LEN`] values.
    #[must_use]
    pub fn from_slice(values: &[T]) -> Self {
        Self {
            total: values[0],
            pixel: values[1],
            region: values[2],
            contour: values[3],
            rest: values[4],
        }
    }

    /// In the order of the fields.
    #[must_use]
    pub fn to_array(&self) -> [T; 5] {
        [self.total, self.pixel, self.region, self.contour, self.rest]
    }
}
