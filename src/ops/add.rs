//! `shaders/net/add.wgsl`: the sum of two tensors of one shape.

use super::Sink;
use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// N·C·H·W.
        count: u32,
        /// Backward: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
        /// Backward: 1 passes `dx` through the leaky ReLU that made `x`.
        through: u32,
        /// Of that ReLU.
        slope: f32,
    }
}

/// `y` from `x1` and `x2`.
pub static FORWARD: Spec = Spec {
    stem: "net/add",
    source: include_str!("../../shaders/net/add.wgsl"),
    entry_point: "add_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` of one summand from `dy` and what it is passed through.
pub static BACKWARD: Spec = Spec {
    entry_point: "add_backward",
    ..FORWARD
};

pub static SPECS: [&Spec; 2] = [&FORWARD, &BACKWARD];

/// Records `y = x1 + x2`.
pub fn record_forward(recording: &mut Recording, y: &Tensor, x1: &Tensor, x2: &Tensor) {
    let params = Params {
        count: y.len() as u32,
        ..Params::default()
    };
    recording.dispatch(&FORWARD, &params, &[y, x1, x2], y.len());
}

/// Records the gradient of one summand.
pub fn record_backward(recording: &mut Recording, sink: Sink<'_>, dy: &Tensor) {
    let params = Params {
        count: dy.len() as u32,
        accumulate: sink.accumulate.into(),
        through: sink.through.is_some().into(),
        slope: sink.slope(),
    };
    recording.dispatch(&BACKWARD, &params, &[sink.dx, dy, sink.gate(dy)], dy.len());
}
