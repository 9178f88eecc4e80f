//! `shaders/loss/softmax.wgsl`: the softmax over the classes.

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
pub static SPEC: Spec = Spec {
    stem: "loss/softmax",
    source: include_str!("../../shaders/loss/softmax.wgsl"),
    entry_point: "softmax_forward",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `y = softmax(x)`, both of `shape` (N, C, H, W).
pub fn record_forward(recording: &mut Recording, y: &Tensor, x: &Tensor, [n, c, h, w]: [usize; 4]) {
    let params = Params {
        count: (n * h * w) as u32,
        classes: c as u32,
        pixels: (h * w) as u32,
    };
    recording.dispatch(&SPEC, &params, &[y, x], n * h * w);
}
