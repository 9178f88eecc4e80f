//! The hard prediction, and how far it overlaps the reference.

use crate::gpu::{Error, Recording, Tensor};
use crate::ops;
use crate::reference::{self, Real};

/// Recorded argmax and counts.
#[derive(Clone, Debug)]
pub struct GpuOverlap {
    /// u32 (N, H, W): the class of the largest logit.
    pub prediction: Tensor,
    /// u32 (N, K, 3): pixels in the prediction, in the reference, in both.
    pub counts: Tensor,
}

impl GpuOverlap {
    /// Records prediction and counts for `logits` of `shape` (N, K, H, W) and `labels` (N, H, W).
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the prediction does not fit a binding.
    pub fn record(
        recording: &mut Recording,
        logits: &Tensor,
        labels: &Tensor,
        shape: [usize; 4],
    ) -> Result<Self, Error> {
        let [n, k, ..] = shape;
        let prediction = recording.scratch("prediction", labels.len())?;
        let counts = recording.scratch("overlap counts", ops::confusion::COUNTS * n * k)?;
        ops::argmax::record(recording, &prediction, logits, shape);
        ops::confusion::record(recording, &counts, &prediction, labels, shape);
        Ok(Self { prediction, counts })
    }
}

/// The same by the twins: prediction (N, H, W) and counts (N, K, 3).
pub fn overlap<T: Real>(logits: &[T], labels: &[u32], [n, k, h, w]: [usize; 4]) -> (Vec<u32>, Vec<u32>) {
    let mut prediction = vec![0; n * h * w];
    let mut counts = vec![0; ops::confusion::COUNTS * n * k];
    reference::argmax::argmax(&mut prediction, logits, k, h * w);
    reference::confusion::confusion(&mut counts, &prediction, labels, k, h * w);
    (prediction, counts)
}
