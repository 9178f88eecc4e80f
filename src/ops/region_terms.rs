//! `shaders/loss/region_terms.wgsl`: the terms of a loss, and what a pixel needs to know of its regions.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N.
        samples: u32,
        /// K.
        classes: u32,
        /// 1: the background takes no part in the ratios.
        first: u32,
        /// 1: a ratio for each image.
        by_sample: u32,
        /// 1: a ratio for each class.
        by_class: u32,
        /// 1: log(1 + pixel term).
        logarithm: u32,
        /// Of the pixel term, for each pixel that counts.
        divisor: f32,
        alpha: f32,
        beta: f32,
        lambda_contour: f32,
        lambda_rest: f32,
    }
}

/// Total, pixel term, region term, on the contour, off it.
pub const TERMS: usize = 5;

/// Numbers in the coefficients of `rows` = N·K classes.
#[must_use]
pub fn coefficients(rows: usize) -> usize {
    16 * rows + 4
}

/// `terms` and `coefficients` from `ratios`, `members` and the sums of the pixel term.
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
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `terms` (5) and `coefficients` (16·N·K + 4).
pub fn record(
    recording: &mut Recording,
    terms: &Tensor,
    coefficients: &Tensor,
    ratios: &Tensor,
    members: &Tensor,
    pixel_sums: &Tensor,
    params: &Params,
) -> Uniforms {
    let tensors = [terms, coefficients, ratios, members, pixel_sums];
    recording.dispatch(&SPEC, params, &tensors, members.len())
}
