//! Seeded inputs, and the comparison of two results.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::gpu::{Context, Error, Recording, Tensor};

/// WGSL allows a few units in the last place for a division and more for exp and log, and the sums here have
/// hundreds of terms of size 1 in another order than the twin's: this is some 30 roundings of the largest.
const RELATIVE: f64 = 2e-6;

/// How far the GPU is from the twin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Difference {
    /// The largest absolute difference.
    pub largest: f64,
    /// The largest difference as a share of what is allowed; more than 1 is a disagreement.
    pub share: f64,
    /// Elements compared.
    pub compared: usize,
}

/// The bench on which one case is run.
pub(super) struct Probe {
    context: Context,
    random: Pcg32,
    worst: Difference,
}

impl Probe {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            context: context.clone(),
            random: Pcg32::seed_from_u64(20_240_706),
            worst: Difference::default(),
        }
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

    /// Runs what was recorded.
    pub(super) fn play(&self, recording: &Recording) {
        self.context.submit(|encoder| recording.replay(encoder));
    }

    /// Holds a result against the twin's, within [`RELATIVE`] of the twin's largest entry.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn close(&mut self, got: &Tensor, expected: &[f32]) -> Result<(), Error> {
        let got: Vec<f32> = got.read(&self.context).await?;
        let largest = expected
            .iter()
            .fold(0.0_f64, |largest, value| largest.max(f64::from(value.abs())));
        self.compare(&got, expected, RELATIVE * largest.max(1e-3));
        Ok(())
    }

    /// Holds a mask, a label or a count against the twin's, bit by bit.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn equal(&mut self, got: &Tensor, expected: &[u32]) -> Result<(), Error> {
        let got: Vec<u32> = got.read(&self.context).await?;
        let wrong = got
            .iter()
            .zip(expected)
            .filter(|(got, expected)| got != expected)
            .count();
        let wrong = if got.len() == expected.len() {
            wrong as f64
        } else {
            f64::INFINITY
        };
        let share = if wrong > 0.0 { f64::INFINITY } else { 0.0 };
        self.note(Difference {
            largest: wrong,
            share,
            compared: expected.len(),
        });
        Ok(())
    }

    fn compare(&mut self, got: &[f32], expected: &[f32], tolerance: f64) {
        let mut difference = Difference {
            compared: expected.len(),
            ..Difference::default()
        };
        if got.len() != expected.len() {
            difference.share = f64::INFINITY;
        }
        for (got, expected) in got.iter().zip(expected) {
            let distance = (f64::from(*got) - f64::from(*expected)).abs();
            let distance = if distance.is_nan() {
                f64::INFINITY
            } else {
                distance
            };
            difference.largest = difference.largest.max(distance);
            difference.share = difference.share.max(distance / tolerance);
        }
        self.note(difference);
    }

    fn note(&mut self, difference: Difference) {
        let compared = self.worst.compared + difference.compared;
        if difference.share >= self.worst.share {
            self.worst = difference;
        }
        self.worst.compared = compared;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Request;

    #[test]
    fn one_wrong_element_and_one_nan_are_noticed() {
        let context = pollster::block_on(Context::new(Request::Software)).unwrap();
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
    }
}
