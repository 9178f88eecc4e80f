//! `shaders/net/upsample.wgsl`: height and width doubled.
//!
//! `shape` is (N, C, H, W) of `x`; `y` and `dy` are (N, C, 2H, 2W).

use super::Sink;
use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// N·C.
        planes: u32,
        /// Of `x`.
        height: u32,
        width: u32,
        /// Backward: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
        /// Backward: 1 passes `dx` through the leaky ReLU that made `x`.
        through: u32,
        /// Of that ReLU.
        slope: f32,
    }
}

/// `y` from `x`.
pub static NEAREST_FORWARD: Spec = Spec {
    stem: "net/upsample",
    source: include_str!("../../shaders/net/upsample.wgsl"),
    entry_point: "upsample_nearest_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from `dy` and what it is passed through.
pub static NEAREST_BACKWARD: Spec = Spec {
    entry_point: "upsample_nearest_backward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..NEAREST_FORWARD
};

/// `y` from `x`.
pub static BILINEAR_FORWARD: Spec = Spec {
    entry_point: "upsample_bilinear_forward",
    ..NEAREST_FORWARD
};

/// `dx` from `dy` and what it is passed through.
pub static BILINEAR_BACKWARD: Spec = Spec {
    entry_point: "upsample_bilinear_backward",
    ..NEAREST_BACKWARD
};

pub static SPECS: [&Spec; 4] = [
    &NEAREST_FORWARD,
    &NEAREST_BACKWARD,
    &BILINEAR_FORWARD,
    &BILINEAR_BACKWARD,
];

/// Records `y[2i + a, 2j + b] = x[i, j]`.
pub fn record_nearest_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    recording.dispatch(&NEAREST_FORWARD, &params(shape), &[y, x], shape.iter().product());
}

/// Records `dx`.
pub fn record_nearest_backward(recording: &mut Recording, sink: Sink<'_>, dy: &Tensor, shape: [usize; 4]) {
    record_backward(recording, &NEAREST_BACKWARD, sink, dy, shape);
}

/// Records `y` with half-pixel centres and the edge clamped.
pub fn record_bilinear_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    recording.dispatch(&BILINEAR_FORWARD, &params(shape), &[y, x], shape.iter().product());
}

/// Records `dx`.
pub fn record_bilinear_backward(recording: &mut Recording, sink: Sink<'_>, dy: &Tensor, shape: [usize; 4]) {
    record_backward(recording, &BILINEAR_BACKWARD, sink, dy, shape);
}

fn record_backward(
    recording: &mut Recording,
    spec: &'static Spec,
    sink: Sink<'_>,
    dy: &Tensor,
    shape: [usize; 4],
) {
    let params = Params {
        accumulate: sink.accumulate.into(),
        through: sink.through.is_some().into(),
        slope: sink.slope(),
        ..params(shape)
    };
    recording.dispatch(
        spec,
        &params,
        &[sink.dx, dy, sink.gate(dy)],
        shape.iter().product(),
    );
}

fn params([n, c, h, w]: [usize; 4]) -> Params {
    Params {
        planes: (n * c) as u32,
        height: h as u32,
        width: w as u32,
        ..Params::default()
    }
}
