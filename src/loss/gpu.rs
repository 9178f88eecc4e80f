//! Losses as dispatches.

use super::fused::{self, Fused};
use super::stepwise::{Stepwise, Values};
use super::worst::Worst;
use super::{Parts, Term, Terms, field, uniforms};
use crate::gpu::{Context, Error, Recording, Tensor, Uniforms};
use crate::ops;
use crate::ops::{pixel_shares, region_ratios, region_terms};

/// What a loss is given. `logits` have `shape` (N, K, H, W); `labels` (u32, each below K), `contour` (class k at bit
/// k) and `weight` (of [`Parts::weighting`]) have (N, H, W). A weight of contours may be worked out from those instead.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    pub logits: &'a Tensor,
    pub labels: &'a Tensor,
    pub contour: &'a Tensor,
    pub weight: &'a Tensor,
    pub shape: [usize; 4],
}

/// The recorded loss. Its numbers may be rewritten between replays.
#[derive(Clone, Debug)]
pub struct GpuLoss {
    /// In the order of [`Terms::from_slice`].
    pub terms: Tensor,
    context: Context,
    shape: [usize; 4],
    term: Term,
    tables: Tensor,
    passes: Passes,
    values: Option<Values>,
    worst: Option<Worst>,
    ratios: Uniforms,
    region: Uniforms,
    shares: Option<Uniforms>,
}

/// How the pixels are walked over.
#[derive(Clone, Debug)]
enum Passes {
    Fused(Fused),
    Stepwise(Stepwise),
}

/// What a loss adds up over the pixels.
pub(super) struct Sums {
    /// (2): Σ value, Σ weight of the pixel term.
    pub pixels: Tensor,
    /// (N, K, 2, 4): the region sums on the contour and off it.
    pub regions: Tensor,
}

/// What is recorded beside the terms.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// Room for the softmax (N, K, H, W), which may be left unused unless `each_pixel`.
    p: &'a Tensor,
    /// The softmax and the value of each pixel are kept.
    each_pixel: bool,
    /// Label and contour in one word, where they are there already.
    marks: Option<&'a Tensor>,
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
    /// (N, H, W): w as the pixel term takes it.
    pub weight: Tensor,
}

/// What the forward pass leaves for the gradient.
struct Forward {
    coefficients: Tensor,
    field: Tensor,
    weight: Tensor,
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
        Self::record_from(recording, inputs, None, dlogits, parts)
    }

    /// As [`GpuLoss::record`], where label and contour stand in one word already.
    pub(super) fn record_from(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        marks: Option<&Tensor>,
        dlogits: &Tensor,
        parts: &Parts,
    ) -> Result<Self, Error> {
        let wanted = Wanted {
            p: dlogits,
            each_pixel: false,
            marks,
        };
        let (mut loss, forward) = Self::forward(recording, inputs, wanted, parts)?;
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
        let stores = fused::variant(parts, inputs.shape[1]).is_none() || parts.pixel.term.has_field();
        let len = if stores { inputs.logits.len() } else { 1 };
        let wanted = Wanted {
            p: &recording.scratch("softmax", len)?,
            each_pixel: false,
            marks: None,
        };
        Ok(Self::forward(recording, inputs, wanted, parts)?.0)
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
        let wanted = Wanted {
            p: &p,
            each_pixel: true,
            marks: None,
        };
        let (mut loss, forward) = Self::forward(recording, inputs, wanted, parts)?;
        if matches!(loss.passes, Passes::Stepwise(_)) {
            ops::softmax::record_forward(recording, &dlogits, inputs.logits, inputs.shape);
        }
        loss.record_gradient(recording, inputs, &dlogits, &forward, parts);
        loss.shares = Some(pixel_shares::record(
            recording,
            &shares,
            &loss.values.as_ref().expect("kept for each pixel").values,
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
            weight: forward.weight,
        };
        Ok((loss, maps))
    }

    fn forward(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        wanted: Wanted<'_>,
        parts: &Parts,
    ) -> Result<(Self, Forward), Error> {
        let Inputs { logits, shape, .. } = inputs;
        let [n, k, h, w] = shape;
        let tables = Tensor::from_slice(recording.context(), "loss tables", &uniforms::tables(parts, k))?;
        let variant = fused::variant(parts, k);
        let p = wanted.p;
        if variant.is_none() || wanted.each_pixel || matches!(parts.pixel.term, Term::Hausdorff { .. }) {
            ops::softmax::record_forward(recording, p, logits, shape);
        }
        let field = field::record(recording, parts.pixel.term, inputs.labels, p, shape)?;
        let worst = Worst::record(recording, inputs, &tables, &field, parts)?;
        let weight = worst
            .as_ref()
            .map_or(inputs.weight, |worst| &worst.weight)
            .clone();
        let inputs = Inputs {
            weight: &weight,
            ..inputs
        };
        let values = if variant.is_none() || wanted.each_pixel {
            Some(Values::record(recording, inputs, &tables, &field, parts)?)
        } else {
            None
        };
        let (passes, sums) = match (variant, &values) {
            (None, Some(values)) => {
                let (passes, sums) = Stepwise::record(recording, inputs, p, values, &tables, parts)?;
                (Passes::Stepwise(passes), sums)
            }
            (None, None) => unreachable!("recorded just above"),
            (Some(variant), _) => {
                let marks = match wanted.marks {
                    Some(marks) => marks.clone(),
                    None => {
                        let marks = recording.scratch("marks", n * h * w)?;
                        ops::marks::record(recording, &marks, inputs.labels, inputs.contour);
                        marks
                    }
                };
                let (passes, sums) =
                    Fused::record(recording, variant, inputs, marks, &tables, &field, parts)?;
                (Passes::Fused(passes), sums)
            }
        };

        let ratios = recording.scratch("ratios", region_ratios::RATIOS * n * k)?;
        let members = recording.scratch("classes in the ratios", n * k)?;
        let terms = recording.scratch("loss terms", region_terms::TERMS)?;
        let coefficients = recording.scratch("coefficients", region_terms::coefficients(n * k))?;
        let ratio = region_ratios::record(
            recording,
            &ratios,
            &members,
            &sums.regions,
            &uniforms::ratio_params(shape, parts),
        );
        let region = region_terms::record(
            recording,
            &terms,
            &coefficients,
            &ratios,
            &members,
            &sums.pixels,
            &uniforms::term_params(shape, parts),
        );
        let loss = Self {
            terms,
            context: recording.context().clone(),
            shape,
            term: parts.pixel.term,
            tables,
            passes,
            values,
            worst,
            ratios: ratio,
            region,
            shares: None,
        };
        let forward = Forward {
            coefficients,
            field,
            weight,
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
        let Forward {
            coefficients,
            field,
            weight,
        } = forward;
        let inputs = Inputs { weight, ..inputs };
        match &mut self.passes {
            Passes::Fused(passes) => passes.record_gradient(
                recording,
                inputs,
                dlogits,
                &self.tables,
                coefficients,
                field,
                parts,
            ),
            Passes::Stepwise(passes) => passes.record_gradient(
                recording,
                inputs,
                dlogits,
                &self.tables,
                coefficients,
                field,
                parts,
            ),
        }
    }

    /// Whether these parts may be [set](GpuLoss::set): they need the recorded kernels, and the recorded map of
    /// distances if any.
    #[must_use]
    pub fn fits(&self, parts: &Parts) -> bool {
        let recorded = match &self.passes {
            Passes::Fused(passes) => Some(passes.variant),
            Passes::Stepwise(_) => None,
        };
        let fields = self.term.has_field() || parts.pixel.term.has_field();
        let chooses = self.worst.is_some() == parts.pixel.worst.is_some();
        recorded == fused::variant(parts, self.shape[1])
            && chooses
            && (!fields || self.term == parts.pixel.term)
    }

    /// Takes effect for whatever is submitted afterwards.
    ///
    /// # Panics
    /// If the parts do not [fit](GpuLoss::fits): record those anew.
    pub fn set(&self, parts: &Parts) {
        assert!(self.fits(parts), "{parts:?} needs another recording");
        let shape = self.shape;
        self.tables
            .write(&self.context, &uniforms::tables(parts, shape[1]));
        match &self.passes {
            Passes::Fused(passes) => passes.set(shape, parts),
            Passes::Stepwise(passes) => passes.set(shape, parts),
        }
        if let Some(values) = &self.values {
            values.set(shape, parts);
        }
        if let Some(worst) = &self.worst {
            worst.set(shape, parts);
        }
        self.ratios.write(&uniforms::ratio_params(shape, parts));
        self.region.write(&uniforms::term_params(shape, parts));
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
