//! From every point of one surface to the nearest point of another.

use rstar::RTree;

use super::surface::Surface;

/// Points of one tree, and of one stretch that is sorted by itself: some ten milliseconds of work.
const BLOCK: usize = 1 << 14;

/// A distance in mm, and what the point that it starts from weighs.
pub(super) type Pair = (f64, f64);

/// A walk over one surface, a part at a time, so that a page can be drawn in between.
#[derive(Default)]
pub(super) struct Walk {
    /// The other surface, block by block, once a point is met that does not lie on it.
    trees: Vec<RTree<[f64; 3]>>,
    /// One for each point so far; whole blocks are in ascending order.
    pairs: Vec<Pair>,
    /// The first place of the other surface that may still be met.
    other: usize,
}

impl Walk {
    /// Goes on by at most so many points, or plants one tree; `true` when the end is reached. `to` has at least one
    /// point.
    pub(super) fn advance(&mut self, from: &Surface, to: &Surface, points: usize) -> bool {
        let end = from.places.len().min(self.pairs.len() + points);
        while self.pairs.len() < end {
            let i = self.pairs.len();
            let place = from.places[i];
            while to.places.get(self.other).is_some_and(|other| *other < place) {
                self.other += 1;
            }
            let distance = if to.places.get(self.other) == Some(&place) {
                0.0
            } else if self.plant(to) {
                return false;
            } else {
                self.nearest_mm(from.point_mm(i))
            };
            self.pairs.push((distance, from.sizes[i]));
            if self.pairs.len().is_multiple_of(BLOCK) {
                let block = self.pairs.len() - BLOCK;
                sort(&mut self.pairs[block..]);
            }
        }
        self.pairs.len() == from.places.len()
    }

    /// In ascending order: of sorted blocks that is little more than reading them.
    pub(super) fn sorted(mut self) -> Vec<Pair> {
        sort(&mut self.pairs);
        self.pairs
    }

    /// Plants the next tree, if one is missing.
    fn plant(&mut self, to: &Surface) -> bool {
        let start = self.trees.len() * BLOCK;
        let end = to.places.len().min(start + BLOCK);
        if start >= end {
            return false;
        }
        self.trees
            .push(RTree::bulk_load((start..end).map(|j| to.point_mm(j)).collect()));
        true
    }

    fn nearest_mm(&self, point: [f64; 3]) -> f64 {
        let at_least = |tree: &RTree<[f64; 3]>| tree.root().envelope().distance_2(&point);
        let within = |tree: &RTree<[f64; 3]>| {
            tree.nearest_neighbor(point).map_or(f64::INFINITY, |nearest| {
                (0..3).map(|axis| (nearest[axis] - point[axis]).powi(2)).sum()
            })
        };
        // The closest block first: it mostly rules out the others.
        let first = (0..self.trees.len())
            .min_by(|a, b| at_least(&self.trees[*a]).total_cmp(&at_least(&self.trees[*b])));
        let mut squared = first.map_or(f64::INFINITY, |first| within(&self.trees[first]));
        for (i, tree) in self.trees.iter().enumerate() {
            if Some(i) != first && at_least(tree) < squared {
                squared = squared.min(within(tree));
            }
        }
        squared.sqrt()
    }
}

fn sort(pairs: &mut [Pair]) {
    // The stable sort finds stretches that are in order.
    pairs.sort_by(|(a, _), (b, _)| a.total_cmp(b));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Field, SurfaceKind};

    fn labels(field: &Field, step: usize) -> Vec<u8> {
        (0..field.len())
            .map(|i| u8::from(i * i % step < step / 3))
            .collect()
    }

    /// By all pairs, in ascending order.
    fn expected(from: &Surface, to: &Surface) -> Vec<f64> {
        let apart = |i, j| {
            let (a, b) = (from.point_mm(i), to.point_mm(j));
            (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>()
        };
        let nearest = |i| {
            (0..to.places.len())
                .map(|j| apart(i, j))
                .fold(f64::INFINITY, f64::min)
        };
        let mut all: Vec<f64> = (0..from.places.len()).map(|i| nearest(i).sqrt()).collect();
        all.sort_by(f64::total_cmp);
        all
    }

    #[test]
    fn parts_make_the_whole_and_the_nearest_is_the_nearest() {
        // The second field has more points than fit in one tree, and few that look for them.
        for (shape, few, part) in [([3, 7, 9], false, 3), ([9, 60, 70], true, 64)] {
            let field = Field::volume(shape, [2.5, 0.8, 1.1]);
            let mut here = labels(&field, 11);
            if few {
                here.iter_mut()
                    .enumerate()
                    .for_each(|(i, label)| *label *= u8::from(i % 211 == 0));
            }
            let [from, to] = [here, labels(&field, 13)]
                .map(|labels| Surface::of(SurfaceKind::ContourLength, &labels, 1, &field));
            assert_eq!(to.places.len() > BLOCK, few);
            let mut walk = Walk::default();
            let mut parts = 0;
            while !walk.advance(&from, &to, part) {
                parts += 1;
            }
            assert!(parts > 5);
            let found = walk.sorted();
            let expected = expected(&from, &to);
            assert_eq!(found.len(), expected.len());
            assert!(
                found
                    .iter()
                    .zip(expected)
                    .all(|((found, _), expected)| (found - expected).abs() <= 1e-12)
            );
            // Every point kept its own weight.
            let sum = |sizes: &mut dyn Iterator<Item = f64>| sizes.sum::<f64>();
            let [found, all] = [
                sum(&mut found.iter().map(|(_, size)| *size)),
                sum(&mut from.sizes.iter().copied()),
            ];
            assert!((found - all).abs() <= 1e-9 * all);
        }
    }
}
