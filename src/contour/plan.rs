//! From a label to its contour on the GPU.

use super::{Border, Choice, Operator};
use crate::gpu::{Error, Recording, Tensor};
use crate::ops;

/// Class sets of a label (D, H, W); a batch of slices is a volume whose D is the batch.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The label's class at its bit.
    pub bits: Tensor,
    /// Class k's contour at bit k.
    pub contour: Tensor,
}

impl Plan {
    /// Records label → bits → contour. `labels` (D, H, W) are u32, each below 32.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when a class set does not fit a binding.
    ///
    /// # Panics
    /// If `labels` is not of the size that `dims` says.
    pub fn record(
        recording: &mut Recording,
        labels: &Tensor,
        dims: [usize; 3],
        choice: &Choice,
    ) -> Result<Self, Error> {
        assert_eq!(labels.len(), dims.iter().product::<usize>(), "label of {dims:?}");
        let bits = recording.scratch("class bits", labels.len())?;
        ops::one_hot::record(recording, &bits, labels);
        let elements = elements(recording, choice)?;
        let eroded = |recording: &mut Recording| {
            let outside = match choice.border {
                Border::Background => 0,
                Border::Ignore => !0,
            };
            repeat(recording, &bits, &elements, |recording, to, from, element| {
                ops::erode::record(recording, to, from, element, dims, outside);
            })
        };
        let dilated = |recording: &mut Recording| {
            repeat(recording, &bits, &elements, |recording, to, from, element| {
                ops::dilate::record(recording, to, from, element, dims);
            })
        };
        let (larger, smaller) = match choice.operator {
            Operator::Erode => (bits.clone(), eroded(recording)?),
            Operator::Dilate => (dilated(recording)?, bits.clone()),
            Operator::Gradient => (dilated(recording)?, eroded(recording)?),
        };
        let contour = recording.scratch("contour", labels.len())?;
        ops::contour::record(recording, &contour, &larger, &smaller);
        Ok(Self { bits, contour })
    }
}

/// The structuring elements of all passes of all iterations, in order.
fn elements(recording: &Recording, choice: &Choice) -> Result<Vec<Tensor>, Error> {
    let mut passes = Vec::new();
    for pass in choice.passes() {
        let offsets: Vec<i32> = pass.iter().flat_map(|[x, y, z]| [*x, *y, *z, 0]).collect();
        passes.push(Tensor::from_slice(
            recording.context(),
            "structuring element",
            &offsets,
        )?);
    }
    let all = passes.len() * choice.iterations as usize;
    Ok(passes.into_iter().cycle().take(all).collect())
}

/// One pass after the other between two scratch tensors; `bits` stays as it is.
fn repeat(
    recording: &mut Recording,
    bits: &Tensor,
    elements: &[Tensor],
    pass: impl Fn(&mut Recording, &Tensor, &Tensor, &Tensor),
) -> Result<Tensor, Error> {
    let mut to = recording.scratch("morphology", bits.len())?;
    let [first, rest @ ..] = elements else {
        return Ok(bits.clone());
    };
    pass(recording, &to, bits, first);
    if rest.is_empty() {
        return Ok(to);
    }
    let mut from = recording.scratch("morphology", bits.len())?;
    for element in rest {
        std::mem::swap(&mut to, &mut from);
        pass(recording, &to, &from, element);
    }
    Ok(to)
}
