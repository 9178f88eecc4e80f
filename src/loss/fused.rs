//! The passes over the pixels where the classes are few: two, of which neither stores the softmax.

use super::gpu::{Inputs, Sums};
use super::{Parts, Term, uniforms};
use crate::contour::Weighting;
use crate::gpu::{Error, Recording, Tensor, Uniforms};
use crate::ops::fused::{Form, Variant};
use crate::ops::{fused_gradient, fused_sums, region_sums, sum};

/// The recorded passes.
#[derive(Clone, Debug)]
pub(super) struct Fused {
    pub variant: Variant,
    marks: Tensor,
    sums: Uniforms,
    gradient: Option<Uniforms>,
}

/// How the kernels are unrolled for these parts; `None` where there are too many classes for it, or a combination
/// that no loss is made of.
pub(super) fn variant(parts: &Parts, classes: usize) -> Option<Variant> {
    let form = match (parts.pixel.term, parts.region.costs.is_empty()) {
        (Term::CrossEntropy { smoothing, gamma }, true) if smoothing != 0.0 || gamma != 0.0 => Form::Focused,
        (Term::CrossEntropy { .. }, true) => Form::Plain,
        (Term::Sigmoid { .. }, true) => Form::Sigmoid,
        (Term::Boundary, true) => Form::Linear,
        (Term::Hausdorff { .. }, true) => Form::Squared,
        (Term::CrossEntropy { smoothing, gamma }, false) if smoothing == 0.0 && gamma == 0.0 => Form::Costs,
        (_, false) => return None,
    };
    (2..=Variant::MOST_CLASSES).contains(&classes).then_some(Variant {
        classes,
        form,
        split: parts.region.split,
        given: parts.pixel.worst.is_some() || !matches!(parts.weighting, Weighting::Contour { .. }),
    })
}

impl Fused {
    /// Records what a loss adds up over the pixels. `marks` (N, H, W) are those of `inputs`.
    pub(super) fn record(
        recording: &mut Recording,
        variant: Variant,
        inputs: Inputs<'_>,
        marks: Tensor,
        tables: &Tensor,
        field: &Tensor,
        parts: &Parts,
    ) -> Result<(Self, Sums), Error> {
        let [n, k, h, w] = inputs.shape;
        let strips = fused_sums::strips(h * w);
        let partials = recording.scratch("region sums by strip", strips * region_sums::SUMS * n * k)?;
        let pixel_partials = recording.scratch("pixel terms by strip", strips * 2 * n)?;
        let results = Sums {
            pixels: recording.scratch("pixel sums", 2)?,
            regions: recording.scratch("region sums", region_sums::SUMS * n * k)?,
        };
        let sums = fused_sums::record(
            recording,
            &partials,
            &pixel_partials,
            inputs.logits,
            &marks,
            inputs.weight,
            tables,
            field,
            variant,
            &uniforms::fused_params(inputs.shape, strips, parts),
        );
        sum::record(recording, &results.pixels, &pixel_partials);
        sum::record(recording, &results.regions, &partials);
        let fused = Self {
            variant,
            marks,
            sums,
            gradient: None,
        };
        Ok((fused, results))
    }

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
        let strips = fused_gradient::strips(inputs.shape[2] * inputs.shape[3]);
        self.gradient = Some(fused_gradient::record(
            recording,
            dlogits,
            inputs.logits,
            &self.marks,
            inputs.weight,
            tables,
            coefficients,
            field,
            self.variant,
            &uniforms::fused_params(inputs.shape, strips, parts),
        ));
    }

    pub(super) fn set(&self, shape: [usize; 4], parts: &Parts) {
        let pixels = shape[2] * shape[3];
        self.sums
            .write(&uniforms::fused_params(shape, fused_sums::strips(pixels), parts));
        if let Some(gradient) = &self.gradient {
            gradient.write(&uniforms::fused_params(
                shape,
                fused_gradient::strips(pixels),
                parts,
            ));
        }
    }
}
