//! `shaders/loss/threshold.wgsl`: the classes whose probability exceeds a half.

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

/// `bits` from `p`.
pub static SPEC: Spec = Spec {
    stem: "loss/threshold",
    source: include_str!("../../shaders/loss/threshold.wgsl"),
    entry_point: "threshold",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `bits` (N, H, W), class k at bit k, of `p` of `shape` (N, K, H, W).
pub fn record(recording: &mut Recording, bits: &Tensor, p: &Tensor, [n, k, h, w]: [usize; 4]) {
    let params = Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
    };
    recording.dispatch(&SPEC, &params, &[bits, p], n * h * w);
}
