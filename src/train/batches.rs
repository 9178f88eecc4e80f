//! Which slices make up which batch.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use super::{Augmentation, Recipe};

/// An endless, seeded sequence of batches. Plain: every slice once an epoch, in an order shuffled anew each epoch; a batch
/// may straddle two epochs. By class: a class is drawn, all alike, and then one of the slices that show it. A batch begins
/// with those of its slices that are drawn by class.
#[derive(Clone, Debug)]
pub struct Batches {
    slices: Vec<u32>,
    epoch: Vec<u32>,
    /// Each class that any slice shows, with the slices that show it; empty for a plain sequence.
    shown_by: Vec<(u8, Vec<u32>)>,
    /// Says how many slices of a batch are drawn by class.
    augmentation: Augmentation,
    random: Pcg32,
}

/// A slice of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    pub slice: u32,
    /// The class for whose sake it was drawn.
    pub class: Option<u8>,
}

impl Batches {
    #[must_use]
    pub fn new(slices: &[u32], seed: u64) -> Self {
        Self {
            slices: slices.to_vec(),
            epoch: Vec::new(),
            shown_by: Vec::new(),
            augmentation: Augmentation::default(),
            random: Pcg32::seed_from_u64(seed),
        }
    }

    /// A sequence of which a share is drawn by class, as the augmentation has it; `counts` are the pixels of each class in each
    /// slice.
    #[must_use]
    pub fn by_class(slices: &[u32], counts: &[Vec<u32>], augmentation: &Augmentation, seed: u64) -> Self {
        let numbers = |places: Vec<usize>| places.into_iter().map(|place| slices[place]).collect();
        Self {
            shown_by: shown_by(counts)
                .into_iter()
                .map(|(class, places)| (class, numbers(places)))
                .collect(),
            augmentation: *augmentation,
            ..Self::new(slices, seed)
        }
    }

    /// Those of a recipe; `counts` are there if it draws any by class.
    pub(super) fn of(recipe: &Recipe, slices: &[u32], counts: Option<&[Vec<u32>]>) -> Self {
        match counts {
            Some(counts) => Self::by_class(slices, counts, &recipe.augmentation, recipe.seed),
            None => Self::new(slices, recipe.seed),
        }
    }

    /// The next `size` slices.
    pub fn next(&mut self, size: usize) -> Vec<Pick> {
        let drawn = if self.shown_by.is_empty() {
            0
        } else {
            self.augmentation.drawn_by_class(size)
        };
        (0..size)
            .map(|place| {
                if place < drawn {
                    self.draw()
                } else {
                    self.next_pick()
                }
            })
            .collect()
    }

    // Draws are of u32: the same order on 32-bit wasm as natively.
    fn below(&mut self, count: usize) -> usize {
        self.random.random_range(0..count as u32) as usize
    }

    /// A class, and a slice that shows it.
    fn draw(&mut self) -> Pick {
        let drawn = self.below(self.shown_by.len());
        let place = self.below(self.shown_by[drawn].1.len());
        let (class, slices) = &self.shown_by[drawn];
        Pick {
            slice: slices[place],
            class: Some(*class),
        }
    }

    fn next_pick(&mut self) -> Pick {
        let slice = self.next_slice();
        Pick { slice, class: None }
    }

    fn next_slice(&mut self) -> u32 {
        if let Some(slice) = self.epoch.pop() {
            return slice;
        }
        self.epoch.clone_from(&self.slices);
        // Fisher and Yates.
        for i in (1..self.epoch.len()).rev() {
            let j = self.below(i + 1);
            self.epoch.swap(i, j);
        }
        self.epoch.pop().expect("a data set has a training slice")
    }
}

/// Each class but the background that is shown at all, with the places of the slices that show it.
fn shown_by(counts: &[Vec<u32>]) -> Vec<(u8, Vec<usize>)> {
    let classes = counts.first().map_or(0, Vec::len);
    (1..classes)
        .map(|class| {
            let shows = |place: &usize| counts[*place][class] > 0;
            (class as u8, (0..counts.len()).filter(shows).collect())
        })
        .filter(|(_, places): &(u8, Vec<usize>)| !places.is_empty())
        .collect()
}

/// The share of all pixels of the batches that each class has in the long run, if every slice comes once an epoch, and if
/// this share of the slices is drawn by class. `counts` are the pixels of each class in each slice.
#[must_use]
pub fn class_shares(counts: &[Vec<u32>], by_class: f64) -> [Vec<f64>; 2] {
    let slices = counts.len().max(1) as f64;
    let plain = vec![1.0 / slices; counts.len()];
    let shown_by = shown_by(counts);
    let drawn = if shown_by.is_empty() { 0.0 } else { by_class };
    let mut mixed: Vec<f64> = plain.iter().map(|chance| (1.0 - drawn) * chance).collect();
    for (_, places) in &shown_by {
        for place in places {
            mixed[*place] += drawn / (shown_by.len() * places.len()) as f64;
        }
    }
    let shares = |chances: &[f64]| {
        let classes = counts.first().map_or(0, Vec::len);
        let mut sums = vec![0.0; classes];
        for (chance, counts) in chances.iter().zip(counts) {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += chance * f64::from(*count);
            }
        }
        let all = sums.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        sums.iter().map(|sum| sum / all).collect()
    };
    [shares(&plain), shares(&mixed)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_holds_every_slice_once_and_the_seed_decides_the_order() {
        let slices = [3, 5, 8, 13, 21];
        let first = Batches::new(&slices, 1).next(5);
        assert_eq!(first, Batches::new(&slices, 1).next(5));
        assert_ne!(
            Batches::new(&slices, 1).next(50),
            Batches::new(&slices, 2).next(50)
        );
        let mut first: Vec<u32> = first.iter().map(|pick| pick.slice).collect();
        first.sort_unstable();
        assert_eq!(first, slices);
    }

    fn drawn(by_class: f64) -> Augmentation {
        Augmentation {
            by_class,
            ..Augmentation::default()
        }
    }

    /// Ten slices of 100 pixels: all show class 1, the last class 2 as well, and nobody class 3.
    fn rare() -> (Vec<u32>, Vec<Vec<u32>>) {
        let counts = (0..10).map(|slice| {
            vec![
                80,
                10 + if slice == 9 { 0 } else { 10 },
                u32::from(slice == 9) * 10,
                0,
            ]
        });
        ((20..30).collect(), counts.collect())
    }

    #[test]
    fn a_rare_class_comes_as_often_as_a_common_one() {
        let (slices, counts) = rare();
        let [plain, balanced] = class_shares(&counts, 1.0);
        assert!((plain[2] - 0.01).abs() <= 1e-12, "{plain:?}");
        // The last slice is drawn with ½ for class 2 and ½ · 1/10 for class 1.
        assert!((balanced[2] - 0.055).abs() <= 1e-12, "{balanced:?}");
        let [_, half] = class_shares(&counts, 0.5);
        assert!((half[2] - 0.5 * (0.01 + 0.055)).abs() <= 1e-12, "{half:?}");
        assert!(((plain.iter().sum::<f64>()) - 1.0).abs() <= 1e-12 && balanced[3] == 0.0);
        let draws = 4000;
        let picks = Batches::by_class(&slices, &counts, &drawn(1.0), 7).next(draws);
        let last = picks.iter().filter(|pick| pick.slice == 29).count() as f64 / draws as f64;
        assert!(
            picks
                .iter()
                .all(|pick| pick.class == Some(1) || (pick.class, pick.slice) == (Some(2), 29))
        );
        // Five standard deviations of a share of 0.55 in 4000 draws.
        assert!(
            (last - 0.55).abs() <= 5.0 * (0.55_f64 * 0.45 / draws as f64).sqrt(),
            "{last}"
        );
        assert_eq!(
            picks,
            Batches::by_class(&slices, &counts, &drawn(1.0), 7).next(draws)
        );
    }

    #[test]
    fn without_a_class_to_balance_the_sequence_is_plain() {
        let counts = vec![vec![9, 0]; 3];
        assert_eq!(
            Batches::by_class(&[1, 2, 3], &counts, &drawn(1.0), 1).next(9),
            Batches::new(&[1, 2, 3], 1).next(9)
        );
        let [plain, balanced] = class_shares(&counts, 1.0);
        assert_eq!(plain, balanced);
    }
    #[test]
    fn of_a_batch_some_slices_follow_a_class_and_the_others_come_once_an_epoch() {
        let (slices, counts) = rare();
        let mut batches = Batches::by_class(&slices, &counts, &drawn(0.5), 7);
        let mut others = Vec::new();
        for _ in 0..5 {
            let batch = batches.next(4);
            let by_class = batch.iter().map(|pick| pick.class.is_some()).collect::<Vec<_>>();
            assert_eq!(by_class, [true, true, false, false]);
            others.extend(batch[2..].iter().map(|pick| pick.slice));
        }
        others.sort_unstable();
        assert_eq!(others, slices, "an epoch of ten slices");
        let none = Batches::by_class(&slices, &counts, &drawn(0.0), 7).next(50);
        assert_eq!(none, Batches::new(&slices, 7).next(50));
    }
}
