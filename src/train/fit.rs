//! A slice on the grid that the network sees.

use serde::{Deserialize, Serialize};

/// How slices of `source` pixels lie on a grid: centred, and shrunk only if they are larger. Never enlarged,
/// so the spacing of small images is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Width and height in pixels.
    pub source: [usize; 2],
    /// Width and height in pixels.
    pub grid: [usize; 2],
    /// Source pixels per grid pixel, ≥ 1.
    pub step: f64,
    /// The point that lies in the middle of the grid, in source pixels from the outer edge of the first.
    pub middle: [f64; 2],
}

impl Fit {
    #[must_use]
    pub fn new(source: [usize; 2], grid: [usize; 2]) -> Self {
        Self::around(source, grid, source.map(|extent| [0, extent]))
    }

    /// As [`Fit::new`] does it with the whole, for a part of the slice: first column (row) and the one after its last.
    /// What lies around the part is seen as far as the grid has room for it.
    #[must_use]
    pub fn around(source: [usize; 2], grid: [usize; 2], part: [[usize; 2]; 2]) -> Self {
        let step = (0..2)
            .map(|axis| (part[axis][1] - part[axis][0]) as f64 / grid[axis] as f64)
            .fold(1.0, f64::max);
        let middle = part.map(|[first, end]| (first + end) as f64 / 2.0);
        Self {
            source,
            grid,
            step,
            middle,
        }
    }

    /// The same, but with so many source pixels for a grid pixel; below 1 it would enlarge, which is never done.
    #[must_use]
    pub fn with_step(mut self, step: f64) -> Self {
        self.step = step.max(1.0);
        self
    }

    /// Where the centre of a grid pixel lies in source pixels, along the given axis.
    fn source_of(self, axis: usize, grid: usize) -> f64 {
        let middle = self.middle[axis];
        // Whole pixels are kept whole: without shrinking, the offset is rounded.
        let centred = (grid as f64 + 0.5 - self.grid[axis] as f64 / 2.0) * self.step + middle;
        if self.step > 1.0 {
            centred - 0.5
        } else {
            (centred - 0.5).floor()
        }
    }

    fn to_grid(self, axis: usize, source: usize) -> f64 {
        let middle = self.middle[axis];
        if self.step > 1.0 {
            return (source as f64 + 0.5 - middle) / self.step + self.grid[axis] as f64 / 2.0 - 0.5;
        }
        (source as f64 + 0.5 - middle + self.grid[axis] as f64 / 2.0 - 0.5).ceil()
    }

    /// The image on the grid: the mean of the source pixels under a grid pixel, `outside` beyond the image.
    #[must_use]
    pub fn image(&self, source: &[f32], outside: f32) -> Vec<f32> {
        let [rows, columns] = [1, 0].map(|axis| {
            (0..self.grid[axis])
                .map(|i| self.covered(axis, i))
                .collect::<Vec<_>>()
        });
        let mut grid = Vec::with_capacity(self.grid[0] * self.grid[1]);
        for row in &rows {
            for column in &columns {
                let pixels = row
                    .clone()
                    .flat_map(|y| column.clone().map(move |x| source[y * self.source[0] + x]));
                let count = row.len() * column.len();
                grid.push(if count == 0 {
                    outside
                } else {
                    pixels.sum::<f32>() / count as f32
                });
            }
        }
        grid
    }

    /// The labels on the grid, by nearest neighbour; 0 beyond the image.
    #[must_use]
    pub fn labels(&self, source: &[u8]) -> Vec<u32> {
        let nearest = |axis: usize, i: usize| {
            let position = self.source_of(axis, i).round();
            (position >= 0.0 && position < self.source[axis] as f64).then_some(position as usize)
        };
        let columns: Vec<_> = (0..self.grid[0]).map(|x| nearest(0, x)).collect();
        let mut grid = Vec::with_capacity(self.grid[0] * self.grid[1]);
        for y in 0..self.grid[1] {
            let row = nearest(1, y);
            grid.extend(columns.iter().map(|column| match (row, column) {
                (Some(y), Some(x)) => u32::from(source[y * self.source[0] + x]),
                _ => 0,
            }));
        }
        grid
    }

    /// A map on the grid brought back to source pixels, by nearest neighbour.
    #[must_use]
    pub fn to_source_map(&self, grid: &[u32]) -> Vec<u8> {
        self.to_source(grid)
            .into_iter()
            .map(|class| class as u8)
            .collect()
    }

    /// Values on the grid brought back to source pixels, by nearest neighbour; the default value beyond the grid.
    #[must_use]
    pub fn to_source<T: Copy + Default>(&self, grid: &[T]) -> Vec<T> {
        let [width, height] = self.source;
        let columns: Vec<_> = (0..width).map(|x| self.nearest(0, x)).collect();
        let mut map = Vec::with_capacity(width * height);
        for y in 0..height {
            let row = self.nearest(1, y);
            map.extend(columns.iter().map(|column| match (row, column) {
                (Some(y), Some(x)) => grid[y * self.grid[0] + x],
                _ => T::default(),
            }));
        }
        map
    }

    /// The grid pixel (column, row) that a source pixel takes its value from; `None` beyond the source or the grid.
    #[must_use]
    pub fn grid_pixel(&self, [x, y]: [usize; 2]) -> Option<[usize; 2]> {
        if x >= self.source[0] || y >= self.source[1] {
            return None;
        }
        Some([self.nearest(0, x)?, self.nearest(1, y)?])
    }

    /// Shrinking leaves the outermost half pixel of the source beyond the grid's pixel centres, but not beyond its pixels.
    fn nearest(&self, axis: usize, source: usize) -> Option<usize> {
        let place = self.to_grid(axis, source);
        let limit = self.grid[axis] as f64;
        (place > -0.5 - ROUNDING && place < limit - 0.5 + ROUNDING)
            .then(|| (place.round().max(0.0) as usize).min(self.grid[axis] - 1))
    }

    /// Source pixels whose centres a grid pixel covers.
    fn covered(&self, axis: usize, grid: usize) -> std::ops::Range<usize> {
        let centre = self.source_of(axis, grid);
        let half = if self.step > 1.0 { self.step / 2.0 } else { 0.25 };
        let limit = self.source[axis] as f64;
        let low = (centre - half).ceil().clamp(0.0, limit);
        let high = (centre + half).ceil().clamp(low, limit);
        low as usize..high as usize
    }
}

/// Of places in grid pixels: some operations in 64 bits on numbers of up to a few thousand.
const ROUNDING: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_seen_larger_and_what_is_beyond_the_grid_is_background() {
        let source = [40, 30];
        let part = [[8, 24], [10, 26]];
        let labels: Vec<u8> = (0..40 * 30).map(|i| 1 + (i % 7) as u8).collect();
        let fit = Fit::around(source, [16, 16], part);
        assert!((fit.step - 1.0).abs() <= f64::EPSILON, "the part fits as it is");
        let back = fit.to_source_map(&fit.labels(&labels));
        for (i, (back, label)) in back.iter().zip(&labels).enumerate() {
            let place = [i % 40, i / 40];
            let inside = (0..2).all(|axis| (part[axis][0]..part[axis][1]).contains(&place[axis]));
            assert_eq!(*back, if inside { *label } else { 0 }, "{place:?}");
            assert_eq!(fit.grid_pixel(place).is_some(), inside);
        }
        let shrunk = Fit::around(source, [8, 8], part);
        assert!((shrunk.step - 2.0).abs() <= f64::EPSILON);
        assert_eq!(shrunk.grid_pixel([8, 10]), Some([0, 0]));
        assert_eq!(shrunk.grid_pixel([23, 25]), Some([7, 7]));
        assert_eq!(shrunk.grid_pixel([24, 25]), None);
    }

    #[test]
    fn small_slices_are_centred_and_come_back_unchanged() {
        for source in [[5, 4], [8, 8], [1, 7]] {
            let fit = Fit::new(source, [8, 9]);
            let labels: Vec<u8> = (0..source[0] * source[1]).map(|i| i as u8).collect();
            let grid = fit.labels(&labels);
            assert_eq!(fit.to_source_map(&grid), labels);
            let image: Vec<f32> = labels.iter().map(|label| f32::from(*label)).collect();
            let outside = -1.0;
            let kept = fit
                .image(&image, outside)
                .into_iter()
                .filter(|value| *value != outside)
                .collect::<Vec<_>>();
            assert_eq!(kept, image);
        }
    }

    #[test]
    fn large_slices_are_averaged() {
        let fit = Fit::new([4, 4], [2, 2]);
        let image: Vec<f32> = (0..16_u8).map(f32::from).collect();
        assert_eq!(fit.image(&image, 0.0), [2.5, 4.5, 10.5, 12.5]);
        let flat = vec![3.0; 100 * 60];
        let grid = Fit::new([100, 60], [32, 32]).image(&flat, 0.0);
        assert!(
            grid.iter()
                .all(|value| (value - 3.0).abs() <= 1e-5 || *value == 0.0)
        );
        assert!(grid.iter().filter(|value| **value > 0.0).count() >= 32 * 18);
    }
}
