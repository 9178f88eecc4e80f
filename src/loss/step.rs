//! The whole way from labels to terms and gradient.

use super::{GpuLoss, Inputs, Parts, fused};
use crate::contour::{Choice, Plan, WeightMap, Weighting};
use crate::gpu::{Error, Recording, Tensor};

/// A loss with the contours that it is weighted by, recorded as one.
#[derive(Clone, Debug)]
pub struct LossStep {
    pub loss: GpuLoss,
    /// In the order of [`Terms::from_slice`](super::Terms::from_slice).
    pub terms: Tensor,
    /// ∂L/∂z (N, K, H, W).
    pub dlogits: Tensor,
}

impl LossStep {
    /// Records erosion, contour, weight, both terms and the gradient to the logits. `logits` have `shape` (N, K, H, W),
    /// `labels` (u32, each below K) have (N, H, W).
    ///
    /// # Errors
    /// [`Error::TooLarge`] when a scratch tensor does not fit a binding.
    ///
    /// # Panics
    /// If the weight is not one of contours: it would need the labels on this side.
    pub fn record(
        recording: &mut Recording,
        logits: &Tensor,
        labels: &Tensor,
        choice: &Choice,
        parts: &Parts,
        shape: [usize; 4],
    ) -> Result<Self, Error> {
        let [n, k, h, w] = shape;
        let dims = [n, h, w];
        let weighting: Weighting = parts.weighting.cast();
        assert!(
            matches!(weighting, Weighting::Contour { .. }),
            "{weighting:?} is recorded with its labels"
        );
        let dlogits = recording.scratch("dlogits", logits.len())?;
        let loss = if fused::variant(parts, k).is_some() {
            let marks = Plan::record_marks(recording, labels, dims, choice)?;
            let inputs = Inputs {
                logits,
                labels,
                // Neither is read: the marks hold the contour, and the weight is worked out from it.
                contour: &marks,
                weight: &marks,
                shape,
            };
            GpuLoss::record_from(recording, inputs, Some(&marks), &dlogits, parts)?
        } else {
            let contour = Plan::record(recording, labels, dims, choice)?.contour;
            let weight = WeightMap::record(recording, &[], &contour, dims, &weighting)?.weight;
            let inputs = Inputs {
                logits,
                labels,
                contour: &contour,
                weight: &weight,
                shape,
            };
            GpuLoss::record(recording, inputs, &dlogits, parts)?
        };
        Ok(Self {
            terms: loss.terms.clone(),
            loss,
            dlogits,
        })
    }
}
