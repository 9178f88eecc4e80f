//! `shaders/loss/argmax.wgsl`: the predicted class of each pixel.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·H·W.
        count: u32,
        /// K.
        classes: u32,
        /// H·W.
        pixels: u32,
    }
}

/// `prediction` from `logits`.
pub static SPEC: Spec = Spec {
    stem: "loss/argmax",
    source: include_str!("../../shaders/loss/argmax.wgsl"),
    entry_point: "argmax",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `prediction` (N, H, W) of `logits` of `shape` (N, K, H, W).
pub fn record(recording: &mut Recording, prediction: &Tensor, logits: &Tensor, [n, k, h, w]: [usize; 4]) {
    let params = Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
    };
    recording.dispatch(&SPEC, &params, &[prediction, logits], n * h * w);
}
