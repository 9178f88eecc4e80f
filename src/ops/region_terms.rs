//! `shaders/loss/region_terms.wgsl`: the terms of the loss, and the coefficients of its Dice gradient.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N.
        samples: u32,
        /// K.
        classes: u32,
        /// 1: a ratio for each image.
        by_sample: u32,
        /// 1: a ratio for each foreground class.
        by_class: u32,
        /// N·H·W.
        pixels: f32,
        alpha: f32,
        beta: f32,
        lambda_contour: f32,
        lambda_noncontour: f32,
    }
}

/// Total, cross-entropy, Dice, Dice on the contour, Dice off it.
pub const TERMS: usize = 5;

/// `terms` and `coefficients` from `ratios` and the sum of the pixel terms.
pub static SPEC: Spec = Spec {
    stem: "loss/region_terms",
    source: include_str!("../../shaders/loss/region_terms.wgsl"),
    entry_point: "region_terms",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Write,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
};

/// Records `terms` (5) and `coefficients` (N, K, 4).
pub fn record(
    recording: &mut Recording,
    terms: &Tensor,
    coefficients: &Tensor,
    ratios: &Tensor,
    cross_entropy_sum: &Tensor,
    params: &Params,
) -> Uniforms {
    let tensors = [terms, coefficients, ratios, cross_entropy_sum];
    recording.dispatch(&SPEC, params, &tensors, coefficients.len() / 4)
}
