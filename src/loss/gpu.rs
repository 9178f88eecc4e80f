//! The compound loss as dispatches.

use super::{Absent, Params, Terms};
use crate::gpu::{Context, Error, Recording, Tensor, Uniforms};
use crate::ops;
use crate::ops::{logit_gradient, region_ratios, region_terms, sum::strips};

/// The recorded loss. Its parameters may be rewritten between replays; `lambda_w`, `plain` and `union` stand in
/// the weight map, which belongs to [`contour::WeightMap`](crate::contour::WeightMap).
#[derive(Clone, Debug)]
pub struct GpuLoss {
    /// In the order of [`Terms::from_slice`].
    pub terms: Tensor,
    context: Context,
    shape: [usize; 4],
    class_weight: Tensor,
    ratios: Uniforms,
    region: Uniforms,
    gradient: Option<Uniforms>,
}

impl GpuLoss {
    /// Records terms and gradient. `logits` and `dlogits` have `shape` (N, K, H, W); `labels` (u32, each below K),
    /// `contour` (class k at bit k) and `weight` have (N, H, W). `dlogits` is overwritten.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when a scratch tensor does not fit a binding.
    pub fn record(
        recording: &mut Recording,
        logits: &Tensor,
        labels: &Tensor,
        contour: &Tensor,
        weight: &Tensor,
        dlogits: &Tensor,
        shape: [usize; 4],
        params: &Params,
    ) -> Result<Self, Error> {
        let (mut loss, coefficients) =
            Self::forward(recording, logits, labels, contour, weight, dlogits, shape, params)?;
        loss.gradient = Some(logit_gradient::record(
            recording,
            dlogits,
            labels,
            contour,
            weight,
            &loss.class_weight,
            &coefficients,
            &gradient_params(shape, params),
        ));
        Ok(loss)
    }

    /// Records the terms only, for validation.
    ///
    /// # Errors
    /// As [`GpuLoss::record`].
    pub fn record_forward(
        recording: &mut Recording,
        logits: &Tensor,
        labels: &Tensor,
        contour: &Tensor,
        weight: &Tensor,
        shape: [usize; 4],
        params: &Params,
    ) -> Result<Self, Error> {
        let p = recording.scratch("softmax", shape.iter().product())?;
        let (loss, _) = Self::forward(recording, logits, labels, contour, weight, &p, shape, params)?;
        Ok(loss)
    }

    /// Leaves the softmax in `p`.
    fn forward(
        recording: &mut Recording,
        logits: &Tensor,
        labels: &Tensor,
        contour: &Tensor,
        weight: &Tensor,
        p: &Tensor,
        shape: [usize; 4],
        params: &Params,
    ) -> Result<(Self, Tensor), Error> {
        let [n, k, h, w] = shape;
        let class_weight =
            Tensor::from_slice(recording.context(), "class weights", &params.class_weights(k))?;

        let values = recording.scratch("pixel terms", n * h * w)?;
        let strip_sums = recording.scratch("pixel terms by strip", strips(n * h * w))?;
        let cross_entropy_sum = recording.scratch("cross-entropy", 1)?;
        ops::pixel_terms::record(recording, &values, logits, labels, weight, &class_weight, shape);
        ops::sum::record(recording, &strip_sums, &values);
        ops::sum::record(recording, &cross_entropy_sum, &strip_sums);

        let regions = ops::region_sums::SUMS * n * k;
        let partials = recording.scratch("region sums by strip", strips(h * w) * regions)?;
        let sums = recording.scratch("region sums", regions)?;
        ops::softmax::record_forward(recording, p, logits, shape);
        ops::region_sums::record(recording, &partials, p, labels, contour, shape);
        ops::sum::record(recording, &sums, &partials);

        let pools = recording.scratch("Dice ratios", region_ratios::RATIOS * n * k)?;
        let terms = recording.scratch("loss terms", region_terms::TERMS)?;
        let coefficients = recording.scratch("Dice coefficients", 4 * n * k)?;
        let ratios = region_ratios::record(recording, &pools, &sums, &ratio_params(shape, params));
        let region = region_terms::record(
            recording,
            &terms,
            &coefficients,
            &pools,
            &cross_entropy_sum,
            &term_params(shape, params),
        );
        let loss = Self {
            terms,
            context: recording.context().clone(),
            shape,
            class_weight,
            ratios,
            region,
            gradient: None,
        };
        Ok((loss, coefficients))
    }

    /// Takes effect for whatever is submitted afterwards.
    pub fn set_params(&self, params: &Params) {
        self.class_weight
            .write(&self.context, &params.class_weights(self.shape[1]));
        self.ratios.write(&ratio_params(self.shape, params));
        self.region.write(&term_params(self.shape, params));
        if let Some(gradient) = &self.gradient {
            gradient.write(&gradient_params(self.shape, params));
        }
    }

    /// The terms, once everything submitted before has run.
    ///
    /// # Errors
    /// [`Error::Readback`] when the device was lost.
    pub async fn read(&self) -> Result<Terms, Error> {
        Ok(Terms::from_slice(&self.terms.read(&self.context).await?))
    }
}

fn ratio_params([n, k, ..]: [usize; 4], params: &Params) -> region_ratios::Params {
    region_ratios::Params {
        samples: n as u32,
        classes: k as u32,
        by_sample: params.pool.by_sample().into(),
        by_class: params.pool.by_class().into(),
        exclude: (params.absent == Absent::Exclude).into(),
        epsilon: params.smooth,
    }
}

fn term_params([n, k, h, w]: [usize; 4], params: &Params) -> region_terms::Params {
    region_terms::Params {
        samples: n as u32,
        classes: k as u32,
        by_sample: params.pool.by_sample().into(),
        by_class: params.pool.by_class().into(),
        pixels: (n * h * w) as f32,
        alpha: params.alpha,
        beta: params.beta,
        lambda_contour: params.lambda_contour,
        lambda_noncontour: params.lambda_noncontour,
    }
}

fn gradient_params([n, k, h, w]: [usize; 4], params: &Params) -> logit_gradient::Params {
    logit_gradient::Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        scale: params.alpha / (n * h * w) as f32,
    }
}
