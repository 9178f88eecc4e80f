//! Which slices make up which batch.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// An endless, seeded sequence of batches. Plain: every slice once an epoch, in an order shuffled anew each epoch; a batch
/// may straddle two epochs. Balanced: a class is drawn, all alike, and then one of the slices that show it.
#[derive(Clone, Debug)]
pub struct Batches {
    slices: Vec<u32>,
    epoch: Vec<u32>,
    /// Each class that any slice shows, with the slices that show it; empty for a plain sequence.
    shown_by: Vec<(u8, Vec<u32>)>,
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
            random: Pcg32::seed_from_u64(seed),
        }
    }

    /// A balanced sequence; `counts` are the pixels of each class in each slice.
    #[must_use]
    pub fn balanced(slices: &[u32], counts: &[Vec<u32>], seed: u64) -> Self {
        let numbers = |places: Vec<usize>| places.into_iter().map(|place| slices[place]).collect();
        Self {
            shown_by: shown_by(counts)
                .into_iter()
                .map(|(class, places)| (class, numbers(places)))
                .collect(),
            ..Self::new(slices, seed)
        }
    }

    /// The next `size` slices.
    pub fn next(&mut self, size: usize) -> Vec<Pick> {
        (0..size).map(|_| self.next_pick()).collect()
    }

    // Draws are of u32: the same order on 32-bit wasm as natively.
    fn below(&mut self, count: usize) -> usize {
        self.random.random_range(0..count as u32) as usize
    }

    fn next_pick(&mut self) -> Pick {
        if !self.shown_by.is_empty() {
            let drawn = self.below(self.shown_by.len());
            let place = self.below(self.shown_by[drawn].1.len());
            let (class, slices) = &self.shown_by[drawn];
            return Pick {
                slice: slices[place],
                class: Some(*class),
            };
        }
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

/// The share of all pixels of the batches that each class has in the long run, if every slice comes once an epoch and if
/// slices are drawn balanced. `counts` are the pixels of each class in each slice.
#[must_use]
pub fn class_shares(counts: &[Vec<u32>]) -> [Vec<f64>; 2] {
    let slices = counts.len().max(1) as f64;
    let plain = vec![1.0 / slices; counts.len()];
    let shown_by = shown_by(counts);
    let mut balanced = vec![0.0; counts.len()];
    for (_, places) in &shown_by {
        for place in places {
            balanced[*place] += 1.0 / (shown_by.len() * places.len()) as f64;
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
    [
        shares(&plain),
        shares(if shown_by.is_empty() { &plain } else { &balanced }),
    ]
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
        let [plain, balanced] = class_shares(&counts);
        assert!((plain[2] - 0.01).abs() <= 1e-12, "{plain:?}");
        // The last slice is drawn with ½ for class 2 and ½ · 1/10 for class 1.
        assert!((balanced[2] - 0.055).abs() <= 1e-12, "{balanced:?}");
        assert!(((plain.iter().sum::<f64>()) - 1.0).abs() <= 1e-12 && balanced[3] == 0.0);
        let draws = 4000;
        let drawn = Batches::balanced(&slices, &counts, 7).next(draws);
        let last = drawn.iter().filter(|pick| pick.slice == 29).count() as f64 / draws as f64;
        assert!(
            drawn
                .iter()
                .all(|pick| pick.class == Some(1) || (pick.class, pick.slice) == (Some(2), 29))
        );
        // Five standard deviations of a share of 0.55 in 4000 draws.
        assert!(
            (last - 0.55).abs() <= 5.0 * (0.55_f64 * 0.45 / draws as f64).sqrt(),
            "{last}"
        );
        assert_eq!(drawn, Batches::balanced(&slices, &counts, 7).next(draws));
    }

    #[test]
    fn without_a_class_to_balance_the_sequence_is_plain() {
        let counts = vec![vec![9, 0]; 3];
        assert_eq!(
            Batches::balanced(&[1, 2, 3], &counts, 1).next(9),
            Batches::new(&[1, 2, 3], 1).next(9)
        );
        let [plain, balanced] = class_shares(&counts);
        assert_eq!(plain, balanced);
    }
}
