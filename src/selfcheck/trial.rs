//! Seeded inputs, and the comparison of two results: all that needs no device.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};

use crate::contour::IGNORED;

/// WGSL allows a few units in the last place for a division and more for exp and log, and the sums here have
/// up to a thousand terms of size 1 in another order than the twin's: this is some 30 roundings of the largest.
pub(super) const RELATIVE: f64 = 2e-6;

/// How far a kernel is from its twin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The largest absolute difference.
    pub largest: f64,
    /// What it may be.
    pub allowed: f64,
    /// The largest difference as a share of what is allowed; more than 1 is a disagreement.
    pub share: f64,
    /// Elements compared.
    pub compared: usize,
}

impl Difference {
    /// The one that came closer to its tolerance, for what either compared.
    pub(super) fn worse(self, other: Self) -> Self {
        let worse = if self.share >= other.share { self } else { other };
        Self {
            compared: self.compared + other.compared,
            ..worse
        }
    }
}

/// The bench on which a case of the processor is run, and the part of a [`Probe`](super::Probe) that needs no device.
pub(super) struct Trial {
    random: Pcg32,
    worst: Difference,
    comparisons: usize,
    /// The comparison before which an element of the result is spoilt.
    spoilt: Option<usize>,
}

impl Trial {
    pub(super) fn new() -> Self {
        Self {
            random: Pcg32::seed_from_u64(20_240_706),
            worst: Difference::default(),
            comparisons: 0,
            spoilt: None,
        }
    }

    /// One that spoils an element of what comparison number `number` is given.
    #[cfg(test)]
    pub(super) fn spoiling(number: usize) -> Self {
        Self {
            spoilt: Some(number),
            ..Self::new()
        }
    }

    /// Results compared.
    #[cfg(test)]
    pub(super) fn comparisons(&self) -> usize {
        self.comparisons
    }

    pub(super) fn worst(&self) -> Difference {
        self.worst
    }

    /// `len` numbers within ±1.
    pub(super) fn reals(&mut self, len: usize) -> Vec<f32> {
        (0..len)
            .map(|_| 2.0 * self.random.random::<f32>() - 1.0)
            .collect()
    }

    /// `len` numbers below `end`.
    pub(super) fn naturals(&mut self, len: usize, end: u32) -> Vec<u32> {
        (0..len).map(|_| self.random.random_range(0..end)).collect()
    }

    /// Quarters within ±1: among them 0, and ties in a window.
    pub(super) fn coarse(&mut self, len: usize) -> Vec<f32> {
        self.naturals(len, 9)
            .iter()
            .map(|value| *value as f32 / 4.0 - 1.0)
            .collect()
    }

    /// Labels below `classes`, and here and there one of no class.
    pub(super) fn labels(&mut self, len: usize, classes: u32) -> Vec<u32> {
        let mut labels = self.naturals(len, classes + 1);
        for label in labels.iter_mut().filter(|label| **label == classes) {
            *label = IGNORED;
        }
        labels
    }

    /// Holds a result against the twin's, within `relative` of the twin's largest entry. Zeros alone would show
    /// nothing, so they disagree.
    pub(super) fn compare(&mut self, relative: f64, got: &[f32], expected: &[f64]) {
        let largest = expected
            .iter()
            .fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let spoilt = (self.spoilt == Some(self.comparisons)).then_some(got.len() / 2);
        self.comparisons += 1;
        let distances = got.iter().zip(expected).enumerate().map(|(i, (got, expected))| {
            let fault = if spoilt == Some(i) { 1e-3 * largest } else { 0.0 };
            let distance = (f64::from(*got) + fault - expected).abs();
            if distance.is_nan() {
                f64::INFINITY
            } else {
                distance
            }
        });
        let shows = got.len() == expected.len() && largest > 0.0;
        self.note(shows, distances, relative * largest.max(1e-3));
    }

    /// Holds integers against the twin's, which must be equal. If all are the same they show nothing, so they disagree.
    pub(super) fn same(&mut self, got: &[u32], expected: &[u32]) {
        let shows = got.len() == expected.len() && expected.iter().any(|value| *value != expected[0]);
        let spoilt = (self.spoilt == Some(self.comparisons)).then_some(got.len() / 2);
        self.comparisons += 1;
        let distances = got.iter().zip(expected).enumerate().map(|(i, (got, expected))| {
            let got = if spoilt == Some(i) { got ^ 1 } else { *got };
            f64::from(got.abs_diff(*expected))
        });
        // No integer is nearer than 1.
        self.note(shows, distances, 0.5);
    }

    /// Keeps the comparison that came closest to its tolerance; one that shows nothing is past it.
    pub(super) fn note(&mut self, shows: bool, distances: impl Iterator<Item = f64>, tolerance: f64) {
        let (mut largest, mut compared) = (0.0_f64, 0);
        for distance in distances {
            largest = largest.max(distance);
            compared += 1;
        }
        let share = if shows { largest / tolerance } else { f64::INFINITY };
        let compared = self.worst.compared + compared;
        if share >= self.worst.share {
            self.worst = Difference {
                largest,
                allowed: tolerance,
                share,
                compared,
            };
        }
        self.worst.compared = compared;
    }
}
