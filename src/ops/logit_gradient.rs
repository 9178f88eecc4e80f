//! `shaders/loss/logit_gradient.wgsl`: the gradient of a loss with respect to the logits.

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
        /// As in [`pixel_terms`](super::pixel_terms).
        rule: u32,
        /// ε of the label smoothing.
        smoothing: f32,
        /// γ of the focal loss.
        gamma: f32,
        /// 0: nothing counts as contour.
        split: u32,
        /// 1: the tables hold costs.
        costs: u32,
    }
}

/// `dlogits` (on entry the softmax) from all that the loss knows.
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
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records the turning of the softmax in `dlogits` (N, K, H, W) into the gradient.
pub fn record(
    recording: &mut Recording,
    dlogits: &Tensor,
    logits: &Tensor,
    labels: &Tensor,
    contour: &Tensor,
    weight: &Tensor,
    tables: &Tensor,
    coefficients: &Tensor,
    field: &Tensor,
    params: &Params,
) -> Uniforms {
    let tensors = [
        dlogits,
        logits,
        labels,
        contour,
        weight,
        tables,
        coefficients,
        field,
    ];
    recording.dispatch(&SPEC, params, &tensors, labels.len())
}
