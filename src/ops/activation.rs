//! `shaders/net/activation.wgsl`: ReLU (slope 0) and leaky ReLU.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·C·H·W.
        count: u32,
        slope: f32,
        /// Backward: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
    }
}

/// `y` from `x`.
pub static FORWARD: Spec = Spec {
    stem: "net/activation",
    source: include_str!("../../shaders/net/activation.wgsl"),
    entry_point: "activation_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from `x` and `dy`.
pub static BACKWARD: Spec = Spec {
    entry_point: "activation_backward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

/// Records `y = activation(x)`.
pub fn record_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, slope: f32) {
    let params = Params {
        count: x.len() as u32,
        slope,
        accumulate: 0,
    };
    recording.dispatch(&FORWARD, &params, &[y, x], x.len().div_ceil(4));
}

/// Records `dx = dy · activation'(x)`, added to `dx` if `accumulate`.
pub fn record_backward(
    recording: &mut Recording,
    dx: &Tensor,
    x: &Tensor,
    dy: &Tensor,
    slope: f32,
    accumulate: bool,
) {
    let params = Params {
        count: x.len() as u32,
        slope,
        accumulate: accumulate.into(),
    };
    recording.dispatch(&BACKWARD, &params, &[dx, x, dy], x.len().div_ceil(4));
}
