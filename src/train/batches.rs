//! Which slices make up which batch.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// An endless, seeded sequence of batches: every slice once an epoch, in an order shuffled anew each epoch;
/// a batch may straddle two epochs.
#[derive(Clone, Debug)]
pub struct Batches {
    slices: Vec<u32>,
    epoch: Vec<u32>,
    random: Pcg32,
}

impl Batches {
    #[must_use]
    pub fn new(slices: &[u32], seed: u64) -> Self {
        Self {
            slices: slices.to_vec(),
            epoch: Vec::new(),
            random: Pcg32::seed_from_u64(seed),
        }
    }

    /// The next `size` slices.
    pub fn next(&mut self, size: usize) -> Vec<u32> {
        (0..size).map(|_| self.next_slice()).collect()
    }

    fn next_slice(&mut self) -> u32 {
        if let Some(slice) = self.epoch.pop() {
            return slice;
        }
        self.epoch.clone_from(&self.slices);
        // Fisher and Yates with u32 draws: the same order on 32-bit wasm as natively.
        for i in (1..self.epoch.len()).rev() {
            let j = self.random.random_range(0..=i as u32) as usize;
            self.epoch.swap(i, j);
        }
        self.epoch.pop().expect("a data set has a training slice")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_holds_every_slice_once_and_the_seed_decides_the_order() {
        let slices = [3, 5, 8, 13, 21];
        let mut first = Batches::new(&slices, 1).next(5);
        assert_eq!(first, Batches::new(&slices, 1).next(5));
        assert_ne!(
            Batches::new(&slices, 1).next(50),
            Batches::new(&slices, 2).next(50)
        );
        first.sort_unstable();
        assert_eq!(first, slices);
    }
}
