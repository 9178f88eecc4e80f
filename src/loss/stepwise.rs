//! The passes over the pixels for any number of classes, one after the other.

use super::gpu::{Inputs, Sums};
use super::{Parts, uniforms};
use crate::gpu::{Error, Recording, Tensor, Uniforms};
use crate::ops::sum::{self, strips};
use crate::ops::{logit_gradient, pixel_terms, region_sums};

/// The recorded passes.
#[derive(Clone, Debug)]
pub(super) struct Stepwise {
    sums: Uniforms,
    gradient: Option<Uniforms>,
}

/// The pixel term of each pixel.
#[derive(Clone, Debug)]
pub(super) struct Values {
    /// (N, H, W, 2): value and weight.
    pub values: Tensor,
    uniforms: Uniforms,
}

impl Values {
    pub(super) fn record(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        tables: &Tensor,
        field: &Tensor,
        parts: &Parts,
    ) -> Result<Self, Error> {
        let values = recording.scratch("pixel terms", 2 * inputs.labels.len())?;
        let uniforms = pixel_terms::record(
            recording,
            &values,
            inputs.logits,
            inputs.labels,
            inputs.weight,
            tables,
            field,
            &uniforms::pixel_params(inputs.shape, parts),
        );
        Ok(Self { values, uniforms })
    }

    pub(super) fn set(&self, shape: [usize; 4], parts: &Parts) {
        self.uniforms.write(&uniforms::pixel_params(shape, parts));
    }
}

impl Stepwise {
    /// Records what a loss adds up over the pixels, whose softmax is `p`.
    pub(super) fn record(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        p: &Tensor,
        values: &Values,
        tables: &Tensor,
        parts: &Parts,
    ) -> Result<(Self, Sums), Error> {
        let [n, k, h, w] = inputs.shape;
        let strip_sums = recording.scratch("pixel terms by strip", 2 * strips(n * h * w))?;
        let partials =
            recording.scratch("region sums by strip", strips(h * w) * region_sums::SUMS * n * k)?;
        let results = Sums {
            pixels: recording.scratch("pixel sums", 2)?,
            regions: recording.scratch("region sums", region_sums::SUMS * n * k)?,
        };
        sum::record(recording, &strip_sums, &values.values);
        sum::record(recording, &results.pixels, &strip_sums);
        let sums = region_sums::record(
            recording,
            &partials,
            p,
            inputs.labels,
            inputs.contour,
            tables,
            &uniforms::sum_params(inputs.shape, parts),
        );
        sum::record(recording, &results.regions, &partials);
        Ok((Self { sums, gradient: None }, results))
    }

    /// Records the turning of the softmax in `dlogits` into the gradient.
    pub(super) fn record_gradient(
        &mut self,
        recording: &mut Recording,
        inputs: Inputs<'_>,
        dlogits: &Tensor,
        tables: &Tensor,
        coefficients: &Tensor,
        field: &Tensor,
        parts: &Parts,
    ) {
        self.gradient = Some(logit_gradient::record(
            recording,
            dlogits,
            inputs.logits,
            inputs.labels,
            inputs.contour,
            inputs.weight,
            tables,
            coefficients,
            field,
            &uniforms::gradient_params(inputs.shape, parts),
        ));
    }

    pub(super) fn set(&self, shape: [usize; 4], parts: &Parts) {
        self.sums.write(&uniforms::sum_params(shape, parts));
        if let Some(gradient) = &self.gradient {
            gradient.write(&uniforms::gradient_params(shape, parts));
        }
    }
}
