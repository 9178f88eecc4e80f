//! `shaders/loss/pixel_terms.wgsl`: the weighted cross-entropy of each pixel.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·H·W.
        count: u32,
        /// K.
        classes: u32,
        /// H·W.
        pixels: u32,
    }
}

/// `values` from `logits`, `labels`, `weight` and `class_weight`.
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
    ],
    uniform: Params::FIELDS,
};

/// Records `values` (N, H, W) for logits of `shape` (N, K, H, W).
pub fn record(
    recording: &mut Recording,
    values: &Tensor,
    logits: &Tensor,
    labels: &Tensor,
    weight: &Tensor,
    class_weight: &Tensor,
    [n, k, h, w]: [usize; 4],
) {
    let params = Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
    };
    let tensors = [values, logits, labels, weight, class_weight];
    recording.dispatch(&SPEC, &params, &tensors, n * h * w);
}
