//! Losses as dispatches.

use super::{Parts, Term, Terms, field};
use crate::gpu::{Context, Error, Recording, Tensor, Uniforms};
use crate::ops;
use crate::ops::sum::strips;
use crate::ops::{logit_gradient, pixel_shares, pixel_terms, region_ratios, region_sums, region_terms};
use crate::reference::region_ratios::{ClassWeighting, Ratio};

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
            &share_params(inputs.shape, parts),
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
        let tables = Tensor::from_slice(recording.context(), "loss tables", &tables(parts, k))?;
        ops::softmax::record_forward(recording, p, logits, shape);
        let field = field::record(recording, parts.pixel.term, labels, p, shape)?;

        let values = recording.scratch("pixel terms", 2 * pixels)?;
        let strip_sums = recording.scratch("pixel terms by strip", 2 * strips(pixels))?;
        let pixel_sums = recording.scratch("pixel sums", 2)?;
        let params = pixel_params(shape, parts);
        let pixel = pixel_terms::record(
            recording, &values, logits, labels, weight, &tables, &field, &params,
        );
        ops::sum::record(recording, &strip_sums, &values);
        ops::sum::record(recording, &pixel_sums, &strip_sums);

        let partials =
            recording.scratch("region sums by strip", strips(h * w) * region_sums::SUMS * n * k)?;
        let sums = recording.scratch("region sums", region_sums::SUMS * n * k)?;
        let params = sum_params(shape, parts);
        let region_sums = region_sums::record(recording, &partials, p, labels, contour, &tables, &params);
        ops::sum::record(recording, &sums, &partials);

        let ratios = recording.scratch("ratios", region_ratios::RATIOS * n * k)?;
        let members = recording.scratch("classes in the ratios", n * k)?;
        let terms = recording.scratch("loss terms", region_terms::TERMS)?;
        let coefficients = recording.scratch("coefficients", region_terms::coefficients(n * k))?;
        let ratio = region_ratios::record(recording, &ratios, &members, &sums, &ratio_params(shape, parts));
        let region = region_terms::record(
            recording,
            &terms,
            &coefficients,
            &ratios,
            &members,
            &pixel_sums,
            &term_params(shape, parts),
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
            &gradient_params(self.shape, parts),
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
        self.tables.write(&self.context, &tables(parts, shape[1]));
        self.pixel.write(&pixel_params(shape, parts));
        self.sums.write(&sum_params(shape, parts));
        self.ratios.write(&ratio_params(shape, parts));
        self.region.write(&term_params(shape, parts));
        if let Some(gradient) = &self.gradient {
            gradient.write(&gradient_params(shape, parts));
        }
        if let Some(shares) = &self.shares {
            shares.write(&share_params(shape, parts));
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

/// (K) class weights and (K, K) costs; there is room for costs in any case.
fn tables(parts: &Parts, classes: usize) -> Vec<f32> {
    let mut tables = parts.class_weights();
    tables.extend(parts.costs::<f32>());
    tables.resize(classes + classes * classes, 1.0);
    tables
}

/// Number of the rule, ε and γ.
fn rule(parts: &Parts) -> (u32, f32, f32) {
    match parts.pixel.term {
        Term::CrossEntropy { smoothing, gamma } => {
            (pixel_terms::CROSS_ENTROPY, smoothing as f32, gamma as f32)
        }
        Term::Sigmoid { gamma } => (pixel_terms::SIGMOID, 0.0, gamma as f32),
        Term::Boundary => (pixel_terms::LINEAR, 0.0, 0.0),
        Term::Hausdorff { .. } => (pixel_terms::SQUARED, 0.0, 0.0),
    }
}

/// Whether the contour splits the pairs, and whether they have costs.
fn pairs(parts: &Parts) -> (u32, u32) {
    (parts.region.split.into(), (!parts.region.costs.is_empty()).into())
}

fn pixel_params([n, k, h, w]: [usize; 4], parts: &Parts) -> pixel_terms::Params {
    let (rule, smoothing, gamma) = rule(parts);
    pixel_terms::Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        rule,
        smoothing,
        gamma,
    }
}

fn sum_params([n, k, h, w]: [usize; 4], parts: &Parts) -> region_sums::Params {
    let (split, costs) = pairs(parts);
    region_sums::Params {
        rows: (n * k) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        strips: strips(h * w) as u32,
        split,
        costs,
    }
}

fn ratio_params([n, k, h, w]: [usize; 4], parts: &Parts) -> region_ratios::Params {
    let ratio: Ratio<f32> = parts.ratio();
    region_ratios::Params {
        samples: n as u32,
        classes: k as u32,
        first: (!ratio.background).into(),
        by_sample: ratio.by_sample.into(),
        by_class: ratio.by_class.into(),
        exclude: ratio.exclude.into(),
        weighting: match ratio.weighting {
            ClassWeighting::Equal => 0,
            ClassWeighting::Simple => 1,
            ClassWeighting::Square => 2,
            ClassWeighting::Softened => 3,
        },
        pixels: (h * w) as f32,
        numerator_qt: ratio.numerator[0],
        numerator_t: ratio.numerator[2],
        denominator_qt: ratio.denominator[0],
        denominator_q: ratio.denominator[1],
        denominator_t: ratio.denominator[2],
        denominator_qq: ratio.denominator[3],
        smooth_numerator: ratio.smooth[0],
        smooth_denominator: ratio.smooth[1],
        exponent: ratio.exponent,
    }
}

fn term_params([n, k, h, w]: [usize; 4], parts: &Parts) -> region_terms::Params {
    let (ratio, weights) = (parts.ratio::<f32>(), parts.weights::<f32>(n * h * w));
    region_terms::Params {
        samples: n as u32,
        classes: k as u32,
        first: (!ratio.background).into(),
        by_sample: ratio.by_sample.into(),
        by_class: ratio.by_class.into(),
        by_weight: weights.by_weight.into(),
        logarithm: weights.logarithm.into(),
        divisor: weights.divisor,
        alpha: weights.alpha,
        beta: weights.beta,
        lambda_contour: weights.lambda_contour,
        lambda_rest: weights.lambda_rest,
    }
}

fn gradient_params([n, k, h, w]: [usize; 4], parts: &Parts) -> logit_gradient::Params {
    let ((rule, smoothing, gamma), (split, costs)) = (rule(parts), pairs(parts));
    logit_gradient::Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        rule,
        smoothing,
        gamma,
        split,
        costs,
    }
}

fn share_params([n, k, h, w]: [usize; 4], parts: &Parts) -> pixel_shares::Params {
    let (split, costs) = pairs(parts);
    pixel_shares::Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        split,
        costs,
    }
}
