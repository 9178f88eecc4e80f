//! `shaders/loss/softmax.wgsl`: softmax and its logarithm over the classes.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·H·W.
        count: u32,
        /// C.
        classes: u32,
        /// H·W.
        pixels: u32,
    }
}

/// `y` from `x`.
pub static FORWARD: Spec = Spec {
    stem: "loss/softmax",
    source: include_str!("../../shaders/loss/softmax.wgsl"),
    entry_point: "softmax_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from `y` and `dy`.
pub static BACKWARD: Spec = Spec {
    entry_point: "softmax_backward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

/// `y` from `x`.
pub static LOG_FORWARD: Spec = Spec {
    entry_point: "log_softmax_forward",
    ..FORWARD
};

/// `dx` from `y` and `dy`.
pub static LOG_BACKWARD: Spec = Spec {
    entry_point: "log_softmax_backward",
    ..BACKWARD
};

fn params([n, c, h, w]: [usize; 4]) -> (Params, usize) {
    let params = Params {
        count: (n * h * w) as u32,
        classes: c as u32,
        pixels: (h * w) as u32,
    };
    (params, n * h * w)
}

/// Records `y = softmax(x)`, both of `shape` (N, C, H, W).
pub fn record_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    let (params, count) = params(shape);
    recording.dispatch(&FORWARD, &params, &[y, x], count);
}

/// Records `dx` from the forward result `y` and `dy`.
pub fn record_backward(recording: &mut Recording, dx: &Tensor, y: &Tensor, dy: &Tensor, shape: [usize; 4]) {
    let (params, count) = params(shape);
    recording.dispatch(&BACKWARD, &params, &[dx, y, dy], count);
}

/// Records `y = log softmax(x)`, both of `shape` (N, C, H, W).
pub fn record_log_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    let (params, count) = params(shape);
    recording.dispatch(&LOG_FORWARD, &params, &[y, x], count);
}

/// Records `dx` from the forward result `y` and `dy`.
pub fn record_log_backward(
    recording: &mut Recording,
    dx: &Tensor,
    y: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
) {
    let (params, count) = params(shape);
    recording.dispatch(&LOG_BACKWARD, &params, &[dx, y, dy], count);
}
