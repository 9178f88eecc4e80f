//! `shaders/net/pool.wgsl`: 2×2 windows, stride 2, the last row and column of an odd size dropped.
//!
//! `shape` is (N, C, H, W) of `x`; `y` and `dy` are (N, C, ⌊H/2⌋, ⌊W/2⌋).

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
pub static MAX_FORWARD: Spec = Spec {
    stem: "net/pool",
    source: include_str!("../../shaders/net/pool.wgsl"),
    entry_point: "pool_max_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from `dy` and `x`.
pub static MAX_BACKWARD: Spec = Spec {
    entry_point: "pool_max_backward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..MAX_FORWARD
};

pub static SPECS: [&Spec; 2] = [&MAX_FORWARD, &MAX_BACKWARD];

/// Records the maxima of the windows.
pub fn record_max_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, shape: [usize; 4]) {
    recording.dispatch(&MAX_FORWARD, &params(shape), &[y, x], outputs(shape));
}

/// Records `dx`; what it is passed through is `x`. A tie gives the gradient to the first maximum in row-major
/// order.
pub fn record_max_backward(
    recording: &mut Recording,
    sink: Sink<'_>,
    x: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
) {
    let params = Params {
        accumulate: sink.accumulate.into(),
        through: sink.through.is_some().into(),
        slope: sink.slope(),
        ..params(shape)
    };
    recording.dispatch(&MAX_BACKWARD, &params, &[sink.dx, dy, x], windows(shape));
}

fn outputs([n, c, h, w]: [usize; 4]) -> usize {
    n * c * (h / 2) * (w / 2)
}

/// Windows with the incomplete ones.
fn windows([n, c, h, w]: [usize; 4]) -> usize {
    n * c * h.div_ceil(2) * w.div_ceil(2)
}

fn params([n, c, h, w]: [usize; 4]) -> Params {
    Params {
        planes: (n * c) as u32,
        height: h as u32,
        width: w as u32,
        ..Params::default()
    }
}
