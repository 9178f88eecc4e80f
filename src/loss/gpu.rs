//! Losses as dispatches.

use super::{Parts, Term, Terms, field, uniforms};
use crate::gpu::{Context, Error, Recording, Tensor, Uniforms};
use crate::ops;
use crate::ops::sum::strips;
use crate::ops::{logit_gradient, pixel_shares, pixel_terms, region_ratios, region_sums, region_terms};

/// What a loss is given. `logits` have `shape` (N, K, H, W); `labels` (u32, each below K), `contour` (class k at bit
/// k) and `weight` (of [`Parts::weighting`]) have (N, H, W).
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    pub logits: &'a Tensor,
    pub labels: &'a Tensor,
    pub contour: &'a Tensor,
    pub weight: &'a Tensor,
    pub shape: [usize; 4],
}

/// The recorded loss. Its numbers may be rewritten between replays; the weight map belongs to
/// [`contour::WeightMap`](crate::contour::WeightMap).
#[derive(Clone, Debug)]
pub struct GpuLoss {
    /// In the order of [`Terms::from_slice`].
    pub terms: Tensor,
    context: Context,
    shape: [usize; 4],
    term: Term,
    tables: Tensor,
    pixel: Uniforms,
    sums: Uniforms,
    ratios: Uniforms,
    region: Uniforms,
    gradient: Option<Uniforms>,
    shares: Option<Uniforms>,
}

/// What each pixel has to do with the loss: see [`cpu::Maps`](super::cpu::Maps).
#[derive(Clone, Debug)]
pub struct GpuMaps {
    /// Softmax (N, K, H, W).
    pub p: Tensor,
    /// ∂L/∂z (N, K, H, W).
    pub dlogits: Tensor,
    /// (N, 4, H, W): pixel term, contour, rest, |∂L/∂z|.
    pub shares: Tensor,
    /// (16·N·K + 4).
    pub coefficients: Tensor,
    /// (N, K, H, W), or one number that means nothing.
    pub field: Tensor,
}

/// What the forward pass leaves for the gradient.
struct Forward {
    values: Tensor,
    coefficients: Tensor,
    field: Tensor,
}

impl GpuLoss {
    /// Records terms and gradient. `dlogits` (N, K, H, W) is overwritten.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when a scratch tensor does not fit a binding.
    pub fn record(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        dlogits: &Tensor,
        parts: &Parts,
    ) -> Result<Self, Error> {
        let (mut loss, forward) = Self::forward(recording, inputs, dlogits, parts)?;
        loss.record_gradient(recording, inputs, dlogits, &forward, parts);
        Ok(loss)
    }

    /// Records the terms only, for validation.
    ///
    /// # Errors
    /// As [`GpuLoss::record`].
    pub fn record_forward(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        parts: &Parts,
    ) -> Result<Self, Error> {
        let p = recording.scratch("softmax", inputs.logits.len())?;
        Ok(Self::forward(recording, inputs, &p, parts)?.0)
    }

    /// Records terms, gradient and the share of each pixel.
    ///
    /// # Errors
    /// As [`GpuLoss::record`].
    pub fn record_maps(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        parts: &Parts,
    ) -> Result<(Self, GpuMaps), Error> {
        let p = recording.scratch("softmax", inputs.logits.len())?;
        let dlogits = recording.scratch("dlogits", inputs.logits.len())?;
        let shares = recording.scratch("pixel shares", 4 * inputs.labels.len())?;
        let (mut loss, forward) = Self::forward(recording, inputs, &p, parts)?;
        ops::softmax::record_forward(recording, &dlogits, inputs.logits, inputs.shape);
        loss.record_gradient(recording, inputs, &dlogits, &forward, parts);
        loss.shares = Some(pixel_shares::record(
            recording,
            &shares,
            &forward.values,
            &p,
            &dlogits,
            inputs.labels,
            inputs.contour,
            &loss.tables,
            &forward.coefficients,
            &uniforms::share_params(inputs.shape, parts),
        ));
        let maps = GpuMaps {
            p,
            dlogits,
            shares,
            coefficients: forward.coefficients,
            field: forward.field,
        };
        Ok((loss, maps))
    }

    /// Leaves the softmax in `p`.
    fn forward(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        p: &Tensor,
        parts: &Parts,
    ) -> Result<(Self, Forward), Error> {
        let Inputs {
            logits,
            labels,
            contour,
            weight,
            shape,
        } = inputs;
        let [n, k, h, w] = shape;
        let pixels = n * h * w;
        let tables = Tensor::from_slice(recording.context(), "loss tables", &uniforms::tables(parts, k))?;
        ops::softmax::record_forward(recording, p, logits, shape);
        let field = field::record(recording, parts.pixel.term, labels, p, shape)?;

        let values = recording.scratch("pixel terms", 2 * pixels)?;
        let strip_sums = recording.scratch("pixel terms by strip", 2 * strips(pixels))?;
        let pixel_sums = recording.scratch("pixel sums", 2)?;
        let params = uniforms::pixel_params(shape, parts);
        let pixel = pixel_terms::record(
            recording, &values, logits, labels, weight, &tables, &field, &params,
        );
        ops::sum::record(recording, &strip_sums, &values);
        ops::sum::record(recording, &pixel_sums, &strip_sums);

        let partials =
            recording.scratch("region sums by strip", strips(h * w) * region_sums::SUMS * n * k)?;
        let sums = recording.scratch("region sums", region_sums::SUMS * n * k)?;
        let params = uniforms::sum_params(shape, parts);
        let region_sums = region_sums::record(recording, &partials, p, labels, contour, &tables, &params);
        ops::sum::record(recording, &sums, &partials);

        let ratios = recording.scratch("ratios", region_ratios::RATIOS * n * k)?;
        let members = recording.scratch("classes in the ratios", n * k)?;
        let terms = recording.scratch("loss terms", region_terms::TERMS)?;
        let coefficients = recording.scratch("coefficients", region_terms::coefficients(n * k))?;
        let ratio = region_ratios::record(
            recording,
            &ratios,
            &members,
            &sums,
            &uniforms::ratio_params(shape, parts),
        );
        let region = region_terms::record(
            recording,
            &terms,
            &coefficients,
            &ratios,
            &members,
            &pixel_sums,
            &uniforms::term_params(shape, parts),
        );
        let loss = Self {
            terms,
            context: recording.context().clone(),
            shape,
            term: parts.pixel.term,
            tables,
            pixel,
            sums: region_sums,
            ratios: ratio,
            region,
            gradient: None,
            shares: None,
        };
        let forward = Forward {
            values,
            coefficients,
            field,
        };
        Ok((loss, forward))
    }

    fn record_gradient(
        &mut self,
        recording: &mut Recording,
        inputs: Inputs<'_>,
        dlogits: &Tensor,
        forward: &Forward,
        parts: &Parts,
    ) {
        self.gradient = Some(logit_gradient::record(
            recording,
            dlogits,
            inputs.logits,
            inputs.labels,
            inputs.contour,
            inputs.weight,
            &self.tables,
            &forward.coefficients,
            &forward.field,
            &uniforms::gradient_params(self.shape, parts),
        ));
    }

    /// Takes effect for whatever is submitted afterwards.
    ///
    /// # Panics
    /// If the parts need another map of distances than the recorded ones: record those anew.
    pub fn set(&self, parts: &Parts) {
        let same = !self.term.has_field() && !parts.pixel.term.has_field() || self.term == parts.pixel.term;
        assert!(same, "{:?} was recorded, not {:?}", self.term, parts.pixel.term);
        let shape = self.shape;
        self.tables
            .write(&self.context, &uniforms::tables(parts, shape[1]));
        self.pixel.write(&uniforms::pixel_params(shape, parts));
        self.sums.write(&uniforms::sum_params(shape, parts));
        self.ratios.write(&uniforms::ratio_params(shape, parts));
        self.region.write(&uniforms::term_params(shape, parts));
        if let Some(gradient) = &self.gradient {
            gradient.write(&uniforms::gradient_params(shape, parts));
        }
        if let Some(shares) = &self.shares {
            shares.write(&uniforms::share_params(shape, parts));
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
