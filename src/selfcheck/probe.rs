//! A trial with a device: inputs as tensors, and the comparison of what is read back.

use std::ops::{Deref, DerefMut};

use super::trial::{RELATIVE, Trial};
use crate::gpu::{Context, Error, Recording, Tensor};

/// What rounding to f16 may add: half a unit in the last of 11 binary places.
const ROUNDED: f64 = 1.0 / 2048.0;

/// A colour may fall either way when it is rounded to 8 bits.
const CHANNEL: u8 = 1;

/// The bench on which one case of the GPU is run.
pub(super) struct Probe {
    context: Context,
    trial: Trial,
    is_brief: bool,
    /// Whether activations are kept as f16.
    is_half: bool,
}

impl Deref for Probe {
    type Target = Trial;

    fn deref(&self) -> &Trial {
        &self.trial
    }
}

impl DerefMut for Probe {
    fn deref_mut(&mut self) -> &mut Trial {
        &mut self.trial
    }
}

impl Probe {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            context: context.clone(),
            trial: Trial::new(),
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

    /// A recording on the probe's device.
    pub(super) fn recording(&self) -> Recording {
        Recording::new(&self.context)
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
        let expected: Vec<f64> = expected.iter().map(|value| f64::from(*value)).collect();
        self.compare(relative, &got, &expected);
        Ok(())
    }

    /// Holds a mask, a label or a count against the twin's, bit by bit. One value alone would show nothing, so it
    /// disagrees.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn equal(&mut self, got: &Tensor, expected: &[u32]) -> Result<(), Error> {
        let got: Vec<u32> = got.read(&self.context).await?;
        self.same(&got, expected);
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
