//! `shaders/net/pool.wgsl`: 2×2 windows, stride 2, the last row and column of an odd size dropped.
//!
//! `shape` is (N, C, H, W) of `x`; `y` and `dy` are (N, C, ⌊H/2⌋, ⌊W/2⌋).

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
pub static MAX_FORWARD: Spec = Spec {
    stem: "net/pool",
    source: include_str!("../../shaders/net/pool.wgsl"),
    entry_point: "pool_max_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from `x` and `dy`.
pub static MAX_BACKWARD: Spec = Spec {
    entry_point: "pool_max_backward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..MAX_FORWARD
};

/// `y` from `x`.
pub static AVERAGE_FORWARD: Spec = Spec {
    entry_point: "pool_average_forward",
    ..MAX_FORWARD
};

/// `dx` from `dy`.
pub static AVERAGE_BACKWARD: Spec = Spec {
    entry_point: "pool_average_backward",
    ..MAX_FORWARD
};

pub static SPECS: [&Spec; 4] = [&MAX_FORWARD, &MAX_BACKWARD, &AVERAGE_FORWARD, &AVERAGE_BACKWARD];

/// Records the maxima of the windows.
pub fn record_max_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    recording.dispatch(&MAX_FORWARD, &params(shape, false), &[y, x], outputs(shape));
}

/// Records `dx`, added to if `accumulate`. A tie gives the gradient to the first maximum in row-major order.
pub fn record_max_backward(
    recording: &mut Recording,
    dx: &Tensor,
    x: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    accumulate: bool,
) {
    let params = params(shape, accumulate);
    recording.dispatch(&MAX_BACKWARD, &params, &[dx, x, dy], windows(shape));
}

/// Records the means of the windows.
pub fn record_average_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    recording.dispatch(&AVERAGE_FORWARD, &params(shape, false), &[y, x], outputs(shape));
}

/// Records `dx`, added to if `accumulate`.
pub fn record_average_backward(
    recording: &mut Recording,
    dx: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    accumulate: bool,
) {
    let params = params(shape, accumulate);
    recording.dispatch(&AVERAGE_BACKWARD, &params, &[dx, dy], windows(shape));
}

fn outputs([n, c, h, w]: [usize; 4]) -> usize {
    n * c * (h / 2) * (w / 2)
}

/// Windows with the incomplete ones.
fn windows([n, c, h, w]: [usize; 4]) -> usize {
    n * c * h.div_ceil(2) * w.div_ceil(2)
}

fn params([n, c, h, w]: [usize; 4], accumulate: bool) -> Params {
    Params {
        planes: (n * c) as u32,
        height: h as u32,
        width: w as u32,
        accumulate: accumulate.into(),
    }
}
