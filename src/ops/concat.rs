//! `shaders/net/concat.wgsl`: two tensors joined along C.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// Elements to write, of all images.
        count: u32,
        /// C·H·W of the first tensor.
        first: u32,
        /// C·H·W of the second tensor.
        second: u32,
        /// Backward: whose gradient.
        is_second: u32,
        /// Backward: 0 writes the gradient, 1 adds to it.
        accumulate: u32,
    }
}

/// `y` from `x1` and `x2`.
pub static FORWARD: Spec = Spec {
    stem: "net/concat",
    source: include_str!("../../shaders/net/concat.wgsl"),
    entry_point: "concat_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx1` or `dx2` from `dy`.
pub static BACKWARD: Spec = Spec {
    entry_point: "concat_backward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    ..FORWARD
};

/// Records `y` (N, C1 + C2, H, W): `x1` before `x2` in every one of `images`.
pub fn record_forward(recording: &mut Recording, y: &Tensor, x1: &Tensor, x2: &Tensor, images: usize) {
    let params = Params {
        count: y.len() as u32,
        first: (x1.len() / images) as u32,
        second: (x2.len() / images) as u32,
        ..Params::default()
    };
    recording.dispatch(&FORWARD, &params, &[y, x1, x2], y.len().div_ceil(4));
}

/// Records `dx1` and `dx2`, each added to if its flag says so.
pub fn record_backward(
    recording: &mut Recording,
    dx1: &Tensor,
    dx2: &Tensor,
    dy: &Tensor,
    images: usize,
    accumulate: [bool; 2],
) {
    for (is_second, dx) in [dx1, dx2].into_iter().enumerate() {
        let params = Params {
            count: dx.len() as u32,
            first: (dx1.len() / images) as u32,
            second: (dx2.len() / images) as u32,
            is_second: is_second as u32,
            accumulate: accumulate[is_second].into(),
        };
        recording.dispatch(&BACKWARD, &params, &[dx, dy], dx.len().div_ceil(4));
    }
}
