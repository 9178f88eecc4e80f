//! `shaders/net/attend.wgsl`: channels weighted by a map of one channel.
//!
//! `shape` is (N, C, H, W) of `x`; `map` and `dmap` are (N, 1, H, W).

use super::Sink;
use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        images: u32,
        channels: u32,
        /// H·W.
        size: u32,
        /// Backward: 0 writes the gradient, 1 adds to it.
        accumulate: u32,
        /// Backward of the input: 1 passes `dx` through the leaky ReLU that made `x`.
        through: u32,
        /// Of that ReLU.
        slope: f32,
    }
}

/// `y` from `x` and the map.
pub static FORWARD: Spec = Spec {
    stem: "net/attend",
    source: include_str!("../../shaders/net/attend.wgsl"),
    entry_point: "attend_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from what it is passed through, the map and `dy`.
pub static BACKWARD_INPUT: Spec = Spec {
    entry_point: "attend_backward_input",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    ..FORWARD
};

/// `dmap` from `x` and `dy`.
pub static BACKWARD_MAP: Spec = Spec {
    entry_point: "attend_backward_map",
    ..BACKWARD_INPUT
};

pub static SPECS: [&Spec; 3] = [&FORWARD, &BACKWARD_INPUT, &BACKWARD_MAP];

/// Records `y = x · map`.
pub fn record_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, map: &Tensor, shape: [usize; 4]) {
    recording.dispatch(&FORWARD, &params(shape), &[y, x, map], shape.iter().product());
}

/// Records `dx = dy · map`.
pub fn record_backward_input(
    recording: &mut Recording,
    sink: Sink<'_>,
    map: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
) {
    let params = Params {
        accumulate: sink.accumulate.into(),
        through: sink.through.is_some().into(),
        slope: sink.slope(),
        ..params(shape)
    };
    let tensors = [sink.dx, sink.gate(dy), map, dy];
    recording.dispatch(&BACKWARD_INPUT, &params, &tensors, shape.iter().product());
}

/// Records `dmap = Σ_c dy · x`, added to `dmap` if `accumulate`.
pub fn record_backward_map(
    recording: &mut Recording,
    dmap: &Tensor,
    x: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    accumulate: bool,
) {
    let params = Params {
        accumulate: accumulate.into(),
        ..params(shape)
    };
    // Nothing reads the map, but something has to stand at its binding.
    recording.dispatch(&BACKWARD_MAP, &params, &[dmap, x, x, dy], dmap.len());
}

fn params([n, c, h, w]: [usize; 4]) -> Params {
    Params {
        images: n as u32,
        channels: c as u32,
        size: (h * w) as u32,
        ..Params::default()
    }
}
