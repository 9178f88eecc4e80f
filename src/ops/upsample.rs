//! `shaders/net/upsample.wgsl`: height and width doubled.
//!
//! `shape` is (N, C, H, W) of `x`; `y` and `dy` are (N, C, 2H, 2W).

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

/// `dx` from `dy`.
pub static NEAREST_BACKWARD: Spec = Spec {
    entry_point: "upsample_nearest_backward",
    ..NEAREST_FORWARD
};

/// `y` from `x`.
pub static BILINEAR_FORWARD: Spec = Spec {
    entry_point: "upsample_bilinear_forward",
    ..NEAREST_FORWARD
};

/// `dx` from `dy`.
pub static BILINEAR_BACKWARD: Spec = Spec {
    entry_point: "upsample_bilinear_backward",
    ..NEAREST_FORWARD
};

pub static SPECS: [&Spec; 4] = [
    &NEAREST_FORWARD,
    &NEAREST_BACKWARD,
    &BILINEAR_FORWARD,
    &BILINEAR_BACKWARD,
];

/// Records `y[2i + a, 2j + b] = x[i, j]`.
pub fn record_nearest_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    record(recording, &NEAREST_FORWARD, y, x, shape, false);
}

/// Records `dx`, added to if `accumulate`.
pub fn record_nearest_backward(
    recording: &mut Recording,
    dx: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    accumulate: bool,
) {
    record(recording, &NEAREST_BACKWARD, dx, dy, shape, accumulate);
}

/// Records `y` with half-pixel centres and the edge clamped.
pub fn record_bilinear_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    record(recording, &BILINEAR_FORWARD, y, x, shape, false);
}

/// Records `dx`, added to if `accumulate`.
pub fn record_bilinear_backward(
    recording: &mut Recording,
    dx: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    accumulate: bool,
) {
    record(recording, &BILINEAR_BACKWARD, dx, dy, shape, accumulate);
}

fn record(
    recording: &mut Recording,
    spec: &'static Spec,
    output: &Tensor,
    input: &Tensor,
    [n, c, h, w]: [usize; 4],
    accumulate: bool,
) {
    let params = Params {
        planes: (n * c) as u32,
        height: h as u32,
        width: w as u32,
        accumulate: accumulate.into(),
    };
    recording.dispatch(spec, &params, &[output, input], n * c * h * w);
}
