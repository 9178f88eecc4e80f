//! `shaders/optim/adam.wgsl`: Adam and `AdamW` over the whole parameter arena.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told of one step.
    pub struct Params {
        count: u32,
        learning_rate: f32,
        /// 1 − β1.
        rate1: f32,
        /// 1 − β2.
        rate2: f32,
        /// 1 / (1 − β1^t).
        correction1: f32,
        /// 1 / (1 − β2^t).
        correction2: f32,
        eps: f32,
        /// Adam: added to the gradient, times the parameter.
        weight_decay: f32,
        /// `AdamW`: learning rate times weight decay, taken off the parameter.
        shrink: f32,
    }
}

/// Parameters and moments from the gradients and their factor.
pub static ADAM: Spec = Spec {
    stem: "optim/adam",
    source: include_str!("../../shaders/optim/adam.wgsl"),
    entry_point: "adam",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Write,
        Binding::Write,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records one step; rewrite its parameters before every replay. `clip` is what [`gradient_norm`](super::gradient_norm)
/// gives.
pub fn record(
    recording: &mut Recording,
    parameters: &Tensor,
    [m, v]: [&Tensor; 2],
    gradients: &Tensor,
    clip: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(
        &ADAM,
        params,
        &[parameters, m, v, gradients, clip],
        parameters.len().div_ceil(4),
    )
}
