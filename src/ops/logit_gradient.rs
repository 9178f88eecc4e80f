//! `shaders/loss/logit_gradient.wgsl`: the gradient of the compound loss with respect to the logits.

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
        /// α / (N·H·W).
        scale: f32,
    }
}

/// `dlogits` (on entry the softmax) from `labels`, `contour`, `weight`, `class_weight` and `coefficients`.
pub static SPEC: Spec = Spec {
    stem: "loss/logit_gradient",
    source: include_str!("../../shaders/loss/logit_gradient.wgsl"),
    entry_point: "logit_gradient",
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
};

/// Records the turning of the softmax in `dlogits` (N, K, H, W) into the gradient.
pub fn record(
    recording: &mut Recording,
    dlogits: &Tensor,
    labels: &Tensor,
    contour: &Tensor,
    weight: &Tensor,
    class_weight: &Tensor,
    coefficients: &Tensor,
    params: &Params,
) -> Uniforms {
    let tensors = [dlogits, labels, contour, weight, class_weight, coefficients];
    recording.dispatch(&SPEC, params, &tensors, labels.len())
}
