//! Seeded inputs, and the comparison of two results.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};

use crate::contour::IGNORED;
use crate::gpu::{Context, Error, Recording, Tensor};

/// WGSL allows a few units in the last place for a division and more for exp and log, and the sums here have
/// up to a thousand terms of size 1 in another order than the twin's: this is some 30 roundings of the largest.
const RELATIVE: f64 = 2e-6;

/// What rounding to f16 may add: half a unit in the last of 11 binary places.
const ROUNDED: f64 = 1.0 / 2048.0;

/// A colour may fall either way when it is rounded to 8 bits.
const CHANNEL: u8 = 1;

/// How far the GPU is from the twin.
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

/// The bench on which one case is run.
pub(super) struct Probe {
    context: Context,
    random: Pcg32,
    worst: Difference,
    is_brief: bool,
    /// Whether activations are kept as f16.
    is_half: bool,
}

impl Probe {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            context: context.clone(),
            random: Pcg32::seed_from_u64(20_240_706),
            worst: Difference::default(),
            is_brief: false,
            is_half: false,
        }
    }

    /// One that keeps activations as f16, where the device can.
    pub(super) fn halved(context: &Context) -> Option<Self> {
        context.has_halves().then(|| Self {
            is_half: true,
            ..Self::new(context)
        })
    }

    /// One that is content with one of several variants that are made of the same text.
    #[cfg(test)]
    pub(super) fn brief(context: &Context) -> Self {
        Self {
            is_brief: true,
            ..Self::new(context)
        }
    }

    /// Whether one of several variants that are made of the same text is enough.
    pub(super) fn is_brief(&self) -> bool {
        self.is_brief
    }

    pub(super) fn worst(&self) -> Difference {
        self.worst
    }

    /// A recording on the probe's device.
    pub(super) fn recording(&self) -> Recording {
        Recording::new(&self.context)
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

    /// Labels below `classes`, and here and there one of no class.
    pub(super) fn labels(&mut self, len: usize, classes: u32) -> Vec<u32> {
        let mut labels = self.naturals(len, classes + 1);
        for label in labels.iter_mut().filter(|label| **label == classes) {
            *label = IGNORED;
        }
        labels
    }

    /// A tensor with these values.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub(super) fn tensor<T: bytemuck::Pod>(&self, values: &[T]) -> Result<Tensor, Error> {
        Tensor::from_slice(&self.context, "selfcheck", values)
    }

    /// A tensor of another case's leavings: an op must not rely on zeros.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub(super) fn noise(&mut self, len: usize) -> Result<Tensor, Error> {
        let values = self.reals(len);
        self.tensor(&values)
    }

    /// `len` numbers within ±1 that activations can have.
    pub(super) fn activations(&mut self, len: usize) -> Vec<f32> {
        let mut values = self.reals(len);
        if self.is_half {
            for value in &mut values {
                *value = half::f16::from_f32(*value).to_f32();
            }
        }
        values
    }

    /// A tensor of activations with these values.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub(super) fn stored(&self, values: &[f32]) -> Result<Tensor, Error> {
        if self.is_half {
            Tensor::from_halves(&self.context, "selfcheck", values)
        } else {
            self.tensor(values)
        }
    }

    /// Overwrites a tensor, for whatever is played afterwards.
    pub(super) fn write<T: bytemuck::Pod>(&self, tensor: &Tensor, values: &[T]) {
        tensor.write(&self.context, values);
    }

    /// Runs what was recorded.
    pub(super) fn play(&self, recording: &Recording) {
        self.context.submit(|encoder| recording.replay(encoder));
    }

    /// Holds a result against the twin's, within [`RELATIVE`] of the twin's largest entry.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn close(&mut self, got: &Tensor, expected: &[f32]) -> Result<(), Error> {
        self.close_within(RELATIVE, got, expected).await
    }

    /// Holds a result against the twin's, within `relative` of the twin's largest entry. Zeros alone would show
    /// nothing, so they disagree.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn close_within(
        &mut self,
        relative: f64,
        got: &Tensor,
        expected: &[f32],
    ) -> Result<(), Error> {
        let relative = if got.is_half() {
            relative + ROUNDED
        } else {
            relative
        };
        let got: Vec<f32> = got.read_floats(&self.context).await?;
        let largest = expected
            .iter()
            .fold(0.0_f64, |largest, value| largest.max(f64::from(value.abs())));
        let distances = got.iter().zip(expected).map(|(got, expected)| {
            let distance = (f64::from(*got) - f64::from(*expected)).abs();
            if distance.is_nan() {
                f64::INFINITY
            } else {
                distance
            }
        });
        let shows = got.len() == expected.len() && largest > 0.0;
        self.note(shows, distances, relative * largest.max(1e-3));
        Ok(())
    }

    /// Holds a mask, a label or a count against the twin's, bit by bit. One value alone would show nothing, so it
    /// disagrees.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn equal(&mut self, got: &Tensor, expected: &[u32]) -> Result<(), Error> {
        let got: Vec<u32> = got.read(&self.context).await?;
        let shows = got.len() == expected.len() && expected.iter().any(|value| *value != expected[0]);
        let distances = got.iter().zip(expected).map(|(got, expected)| {
            if got == expected {
                0.0
            } else {
                f64::from(got.abs_diff(*expected))
            }
        });
        // No integer is nearer than 1.
        self.note(shows, distances, 0.5);
        Ok(())
    }

    /// Holds packed rgba8 against the twin's, each channel within [`CHANNEL`].
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn pixels(&mut self, got: &Tensor, expected: &[u32]) -> Result<(), Error> {
        let got: Vec<u32> = got.read(&self.context).await?;
        let shows = got.len() == expected.len() && expected.iter().any(|value| *value != expected[0]);
        let channels = |pixels: &[u32]| -> Vec<u8> { pixels.iter().flat_map(|p| p.to_le_bytes()).collect() };
        let (got, expected) = (channels(&got), channels(expected));
        let distances = got
            .iter()
            .zip(&expected)
            .map(|(got, expected)| f64::from(got.abs_diff(*expected)));
        self.note(shows, distances, f64::from(CHANNEL));
        Ok(())
    }

    /// Keeps the comparison that came closest to its tolerance; one that shows nothing is past it.
    fn note(&mut self, shows: bool, distances: impl Iterator<Item = f64>, tolerance: f64) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Request;

    fn context() -> Context {
        pollster::block_on(Context::new(Request::Software)).unwrap()
    }

    #[test]
    fn one_wrong_element_and_one_nan_are_noticed() {
        let context = context();
        let check = |got: &[f32], expected: &[f32]| {
            let mut probe = Probe::new(&context);
            let tensor = probe.tensor(got).unwrap();
            pollster::block_on(probe.close(&tensor, expected)).unwrap();
            probe.worst().share
        };
        let expected = [0.5, -1.0, 0.25];
        assert!(check(&expected, &expected) <= 1.0);
        assert!(check(&[0.5, -1.0, 0.250_01], &expected) > 1.0);
        assert!(check(&[0.5, f32::NAN, 0.25], &expected) > 1.0);
        assert!(check(&[0.5, -1.0], &expected) > 1.0);
        assert!(check(&[0.0; 3], &[0.0; 3]) > 1.0, "zeros show nothing");
    }

    #[test]
    fn one_wrong_bit_and_one_wrong_channel_are_noticed() {
        let context = context();
        let check = |got: &[u32], expected: &[u32]| {
            let mut probe = Probe::new(&context);
            let tensor = probe.tensor(got).unwrap();
            pollster::block_on(probe.equal(&tensor, expected)).unwrap();
            let exact = probe.worst().share;
            let mut probe = Probe::new(&context);
            pollster::block_on(probe.pixels(&tensor, expected)).unwrap();
            [exact, probe.worst().share].map(|share| share <= 1.0)
        };
        let expected = [0xff10_2030, 0xff00_0000, 7];
        assert_eq!(check(&expected, &expected), [true, true]);
        assert_eq!(check(&[0xff10_2130, 0xff00_0000, 7], &expected), [false, true]);
        assert_eq!(check(&[0xff10_2230, 0xff00_0000, 7], &expected), [false, false]);
        assert_eq!(check(&[0xff10_2030, 0xff00_0000], &expected), [false, false]);
        assert_eq!(check(&[7; 3], &[7; 3]), [false, false], "one value shows nothing");
    }
}
