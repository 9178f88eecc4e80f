//! A copy of an activation with a border of zeros.
//!
//! Its rows are two columns wider than those of the image, and what a 3 × 3 kernel sees at pixel p is at p + row · width + column
//! in the one run of numbers of a channel. So a convolution is a sum of nine shifted copies, with nothing to decide at the edges:
//! it is also computed for the two columns beyond each row, and what comes of that is dropped.

use super::room;

/// A multiple of the pixels that a convolution computes at once: three of the widest vectors, of 16 numbers.
pub(super) const ROUND: usize = 48;

#[derive(Clone, Debug, Default)]
pub(super) struct Padded {
    values: Vec<f32>,
    size: [usize; 2],
}

/// Pixels of rows of `width` + 2, rounded up.
pub(super) fn flat_len([height, width]: [usize; 2]) -> usize {
    (height * (width + 2)).next_multiple_of(ROUND)
}

/// Numbers of a padded channel. A kernel reads two rows and two columns beyond the last pixel.
pub(super) fn plane_len([height, width]: [usize; 2]) -> usize {
    flat_len([height, width]) + 2 * (width + 2) + 2
}

impl Padded {
    /// Takes over an activation (C, H, W).
    pub(super) fn fill(&mut self, x: &[f32], [channels, height, width]: [usize; 3]) {
        self.size = [height, width];
        let (plane, row) = (plane_len(self.size), width + 2);
        let values = room(&mut self.values, channels * plane);
        for (to, from) in values.chunks_exact_mut(plane).zip(x.chunks_exact(height * width)) {
            to[..=row].fill(0.0);
            for (to, from) in to[row + 1..].chunks_mut(row).zip(from.chunks_exact(width)) {
                to[..width].copy_from_slice(from);
                to[width..].fill(0.0);
            }
            to[(height + 1) * row..].fill(0.0);
        }
    }

    /// (C, plane).
    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Numbers of a channel.
    pub(super) fn plane(&self) -> usize {
        plane_len(self.size)
    }

    /// Where the first pixel lies in a channel.
    pub(super) fn first(&self) -> usize {
        self.size[1] + 3
    }

    /// From the first pixel of the image to the last, those beyond the rows included.
    pub(super) fn pixels(&self) -> usize {
        let [height, width] = self.size;
        height * (width + 2) - 2
    }

    /// How far from a pixel the nine numbers lie that its kernel sees, row by row.
    pub(super) fn taps(&self) -> [usize; 9] {
        std::array::from_fn(|tap| tap / 3 * (self.size[1] + 2) + tap % 3)
    }
}
