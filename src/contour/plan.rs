//! From a label to its contour on the GPU.

use super::{Border, Choice, Operator};
use crate::gpu::{Error, Recording, Tensor};
use crate::ops;

/// Class sets of a label (D, H, W); a batch of slices is a volume whose D is the batch.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Class k's contour at bit k.
    pub contour: Tensor,
}

impl Plan {
    /// Records label → contour, in one pass where the choice is a 3 × 3 inner contour in the slice. `labels` (D, H, W) are
    /// u32, each below 32 or [`IGNORED`](super::IGNORED).
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
        let contour = recording.scratch("contour", labels.len())?;
        if choice.is_plain() {
            ops::label_contour::record(recording, &contour, labels, dims, outside(choice), false);
            return Ok(Self { contour });
        }
        // A voxel of no class neither erodes nor grows: to an erosion it is of every class, to a dilation of none.
        let bits = |recording: &mut Recording, ignored: u32| {
            let bits = recording.scratch("class bits", labels.len())?;
            ops::one_hot::record(recording, &bits, labels, ignored);
            Ok(bits)
        };
        let elements = elements(recording, choice)?;
        let eroded = |recording: &mut Recording| {
            let outside = outside(choice);
            let bits = bits(recording, !0)?;
            repeat(recording, &bits, &elements, |recording, to, from, element| {
                ops::erode::record(recording, to, from, element, dims, outside);
            })
        };
        let dilated = |recording: &mut Recording| {
            let bits = bits(recording, 0)?;
            repeat(recording, &bits, &elements, |recording, to, from, element| {
                ops::dilate::record(recording, to, from, element, dims);
            })
        };
        let (larger, smaller) = match choice.operator {
            Operator::Erode => (bits(recording, 0)?, eroded(recording)?),
            Operator::Dilate => (dilated(recording)?, bits(recording, !0)?),
            Operator::Gradient => (dilated(recording)?, eroded(recording)?),
        };
        ops::contour::record(recording, &contour, &larger, &smaller, labels);
        Ok(Self { contour })
    }

    /// As [`Plan::record`], with each label beside its contour: the contour of class k at bit k, the label from bit
    /// 27. Each class is below 27; a label of none is 31 there.
    ///
    /// # Errors
    /// As [`Plan::record`].
    ///
    /// # Panics
    /// As [`Plan::record`].
    pub fn record_marks(
        recording: &mut Recording,
        labels: &Tensor,
        dims: [usize; 3],
        choice: &Choice,
    ) -> Result<Tensor, Error> {
        let marks = recording.scratch("marks", labels.len())?;
        if choice.is_plain() {
            assert_eq!(labels.len(), dims.iter().product::<usize>(), "label of {dims:?}");
            ops::label_contour::record(recording, &marks, labels, dims, outside(choice), true);
        } else {
            let contour = Self::record(recording, labels, dims, choice)?.contour;
            ops::marks::record(recording, &marks, labels, &contour);
        }
        Ok(marks)
    }
}

/// The class set beyond the image.
fn outside(choice: &Choice) -> u32 {
    match choice.border {
        Border::Background => 0,
        Border::Ignore => !0,
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
