//! `shaders/optim/sgd.wgsl`: stochastic gradient descent over the whole parameter arena.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told of one step.
    pub struct Params {
        count: u32,
        learning_rate: f32,
        momentum: f32,
        /// Added to the gradient, times the parameter.
        weight_decay: f32,
        nesterov: u32,
    }
}

/// Parameters and momentum buffer from the gradients and their factor.
pub static SGD: Spec = Spec {
    stem: "optim/sgd",
    source: include_str!("../../shaders/optim/sgd.wgsl"),
    entry_point: "sgd",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Write,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records one step; rewrite its parameters before every replay. `buffer` is zero before the first step; `clip`
/// is what [`gradient_norm`](super::gradient_norm) gives.
pub fn record(
    recording: &mut Recording,
    parameters: &Tensor,
    buffer: &Tensor,
    gradients: &Tensor,
    clip: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(
        &SGD,
        params,
        &[parameters, buffer, gradients, clip],
        parameters.len().div_ceil(4),
    )
}
