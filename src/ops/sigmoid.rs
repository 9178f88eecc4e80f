//! `shaders/net/sigmoid.wgsl`: the logistic function.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·C·H·W.
        count: u32,
        /// Backward: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
    }
}

/// `y` from `x`.
pub static FORWARD: Spec = Spec {
    stem: "net/sigmoid",
    source: include_str!("../../shaders/net/sigmoid.wgsl"),
    entry_point: "sigmoid_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from `x` and `dy`.
pub static BACKWARD: Spec = Spec {
    entry_point: "sigmoid_backward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

pub static SPECS: [&Spec; 2] = [&FORWARD, &BACKWARD];

/// Records `y = 1 / (1 + exp(−x))`.
pub fn record_forward(recording: &mut Recording, y: &Tensor, x: &Tensor) {
    let params = Params {
        count: x.len() as u32,
        accumulate: 0,
    };
    recording.dispatch(&FORWARD, &params, &[y, x], x.len().div_ceil(4));
}

/// Records `dx = dy · y · (1 − y)`, added to `dx` if `accumulate`.
pub fn record_backward(recording: &mut Recording, dx: &Tensor, x: &Tensor, dy: &Tensor, accumulate: bool) {
    let params = Params {
        count: x.len() as u32,
        accumulate: accumulate.into(),
    };
    recording.dispatch(&BACKWARD, &params, &[dx, x, dy], x.len().div_ceil(4));
}
