//! From every point of one surface to the nearest point of another.

use rstar::RTree;

use super::surface::Surface;

/// A walk over one surface, a part at a time, so that a page can be drawn in between.
#[derive(Default)]
pub(super) struct Walk {
    /// The other surface, once a point is met that does not lie on it.
    tree: Option<RTree<[f64; 3]>>,
    /// In mm, in the order of the points.
    distances: Vec<f64>,
    /// The first place of the other surface that may still be met.
    other: usize,
}

impl Walk {
    /// Goes on by at most so many points; `true` when the end is reached. Building the tree counts as a part of
    /// its own. `to` has at least one point.
    pub(super) fn advance(&mut self, from: &Surface, to: &Surface, points: usize) -> bool {
        let end = from.places.len().min(self.distances.len() + points);
        while self.distances.len() < end {
            let i = self.distances.len();
            let place = from.places[i];
            while to.places.get(self.other).is_some_and(|other| *other < place) {
                self.other += 1;
            }
            if to.places.get(self.other) == Some(&place) {
                self.distances.push(0.0);
                continue;
            }
            let Some(tree) = &self.tree else {
                self.tree = Some(RTree::bulk_load(
                    (0..to.places.len()).map(|j| to.point_mm(j)).collect(),
                ));
                return false;
            };
            let point = from.point_mm(i);
            let squared: f64 = tree.nearest_neighbor(point).map_or(f64::INFINITY, |nearest| {
                (0..3).map(|axis| (nearest[axis] - point[axis]).powi(2)).sum()
            });
            self.distances.push(squared.sqrt());
        }
        self.distances.len() == from.places.len()
    }

    pub(super) fn distances(self) -> Vec<f64> {
        self.distances
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Field, SurfaceKind};

    #[test]
    fn parts_make_the_whole_and_the_nearest_is_the_nearest() {
        let field = Field::volume([3, 7, 9], [2.5, 0.8, 1.1]);
        let labels = |step: usize| -> Vec<u8> {
            (0..field.len())
                .map(|i| u8::from(i * i % step < step / 3))
                .collect()
        };
        let [from, to] = [11, 13].map(|step| Surface::of(SurfaceKind::EdgePixels, &labels(step), 1, &field));
        let mut walk = Walk::default();
        let mut parts = 0;
        while !walk.advance(&from, &to, 3) {
            parts += 1;
        }
        assert!(parts > 10);
        for (i, distance) in walk.distances().into_iter().enumerate() {
            let apart = |j| {
                let (a, b) = (from.point_mm(i), to.point_mm(j));
                (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>().sqrt()
            };
            let expected = (0..to.places.len()).map(apart).fold(f64::INFINITY, f64::min);
            assert!((distance - expected).abs() <= 1e-12);
        }
    }
}
