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
}

impl Fit {
    #[must_use]
    pub fn new(source: [usize; 2], grid: [usize; 2]) -> Self {
        let step = (0..2)
            .map(|axis| source[axis] as f64 / grid[axis] as f64)
            .fold(1.0, f64::max);
        Self { source, grid, step }
    }

    /// Where the centre of a grid pixel lies in source pixels, along the given axis.
    fn source_of(self, axis: usize, grid: usize) -> f64 {
        let middle = self.source[axis] as f64 / 2.0;
        // Whole pixels are kept whole: without shrinking, the offset is rounded.
        let centred = (grid as f64 + 0.5 - self.grid[axis] as f64 / 2.0) * self.step + middle;
        if self.step > 1.0 {
            centred - 0.5
        } else {
            (centred - 0.5).floor()
        }
    }

    fn to_grid(self, axis: usize, source: usize) -> f64 {
        let middle = self.source[axis] as f64 / 2.0;
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

    /// Values on the grid brought back to source pixels, by nearest neighbour.
    #[must_use]
    pub fn to_source<T: Copy>(&self, grid: &[T]) -> Vec<T> {
        let [width, height] = self.source;
        let mut map = Vec::with_capacity(width * height);
        for y in 0..height {
            let row = self.nearest(1, y) * self.grid[0];
            map.extend((0..width).map(|x| grid[row + self.nearest(0, x)]));
        }
        map
    }

    /// The grid pixel (column, row) that a source pixel takes its value from; `None` beyond the source.
    #[must_use]
    pub fn grid_pixel(&self, [x, y]: [usize; 2]) -> Option<[usize; 2]> {
        (x < self.source[0] && y < self.source[1]).then(|| [self.nearest(0, x), self.nearest(1, y)])
    }

    fn nearest(&self, axis: usize, source: usize) -> usize {
        (self.to_grid(axis, source).round().max(0.0) as usize).min(self.grid[axis] - 1)
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

#[cfg(test)]
mod tests {
    use super::*;

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
