//! `shaders/loss/distance_powers.wgsl`: the field of the Hausdorff loss.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·K·H·W.
        count: u32,
        /// Exponent of the distances.
        alpha: f32,
    }
}

/// `field` from two maps of distances.
pub static SPEC: Spec = Spec {
    stem: "loss/distance_powers",
    source: include_str!("../../shaders/loss/distance_powers.wgsl"),
    entry_point: "distance_powers",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `field` = `of_prediction`^α + `of_reference`^α, each (N, K, H, W).
pub fn record(
    recording: &mut Recording,
    field: &Tensor,
    of_prediction: &Tensor,
    of_reference: &Tensor,
    alpha: f32,
) -> Uniforms {
    let params = Params {
        count: field.len() as u32,
        alpha,
    };
    recording.dispatch(&SPEC, &params, &[field, of_prediction, of_reference], field.len())
}
