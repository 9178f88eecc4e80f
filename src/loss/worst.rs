//! The choice of the worst pixels of each image.

use super::gpu::Inputs;
use super::stepwise::Values;
use super::{Parts, uniforms};
use crate::gpu::{Error, Recording, Tensor, Uniforms};
use crate::ops::worst_pixels;

/// The recorded choice.
#[derive(Clone, Debug)]
pub(super) struct Worst {
    /// (N, H, W).
    pub weight: Tensor,
    values: Values,
    uniforms: Uniforms,
}

impl Worst {
    /// Records the weight of the worst pixels; `None` if all pixels count.
    pub(super) fn record(
        recording: &mut Recording,
        inputs: Inputs<'_>,
        tables: &Tensor,
        field: &Tensor,
        parts: &Parts,
    ) -> Result<Option<Self>, Error> {
        if parts.pixel.worst.is_none() {
            return Ok(None);
        }
        let pixels = inputs.labels.len();
        let ones = Tensor::from_slice(recording.context(), "equal weights", &vec![1.0_f32; pixels])?;
        let equal = Inputs {
            weight: &ones,
            ..inputs
        };
        let values = Values::record(recording, equal, tables, field, &counted(parts))?;
        let weight = recording.scratch("weight of the worst pixels", pixels)?;
        let uniforms = worst_pixels::record(
            recording,
            &weight,
            &values.values,
            uniforms::worst_params(inputs.shape, parts),
        )?;
        Ok(Some(Self {
            weight,
            values,
            uniforms,
        }))
    }

    pub(super) fn set(&self, shape: [usize; 4], parts: &Parts) {
        self.values.set(shape, &counted(parts));
        self.uniforms.write(&uniforms::worst_params(shape, parts));
    }
}

/// The same parts, with pixels that count as 1.
fn counted(parts: &Parts) -> Parts {
    let mut parts = parts.clone();
    parts.pixel.by_weight = false;
    parts
}
