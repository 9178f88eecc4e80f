//! `shaders/loss/pixel_terms.wgsl`: the pixel term of a loss, and what the sum of it is divided by.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·H·W.
        count: u32,
        /// K.
        classes: u32,
        /// H·W.
        pixels: u32,
        /// [`CROSS_ENTROPY`](super::numbers::CROSS_ENTROPY) and those after it.
        rule: u32,
        /// ε of the label smoothing.
        smoothing: f32,
        /// γ of the focal loss.
        gamma: f32,
        /// 1: a pixel counts by its weight w·a_y, else as 1.
        by_weight: u32,
    }
}

/// `values` from `logits`, `labels`, `weight`, `tables` and `field`.
pub static SPEC: Spec = Spec {
    stem: "loss/pixel_terms",
    source: include_str!("../../shaders/loss/pixel_terms.wgsl"),
    entry_point: "pixel_terms",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `values` (N, H, W, 2) of `logits` (N, K, H, W). `tables` begins with the K class weights; `field`
/// (N, K, H, W) is read by the rules from [`LINEAR`](super::numbers::LINEAR) on and may else have one element.
pub fn record(
    recording: &mut Recording,
    values: &Tensor,
    logits: &Tensor,
    labels: &Tensor,
    weight: &Tensor,
    tables: &Tensor,
    field: &Tensor,
    params: &Params,
) -> Uniforms {
    let tensors = [values, logits, labels, weight, tables, field];
    recording.dispatch(&SPEC, params, &tensors, labels.len())
}
