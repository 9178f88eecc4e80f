//! `shaders/loss/confusion.wgsl`: pixels of each class in the prediction, in the reference and in both.

use super::sum::strips;
use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N·K.
        rows: u32,
        /// K.
        classes: u32,
        /// H·W.
        pixels: u32,
        strips: u32,
    }
}

/// Counts of one class of one image: prediction, reference, both.
pub const COUNTS: usize = 3;

/// `counts` from `prediction` and `labels`.
pub static SPEC: Spec = Spec {
    stem: "loss/confusion",
    source: include_str!("../../shaders/loss/confusion.wgsl"),
    entry_point: "confusion",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `counts` (N, K, 3), cleared first, of a prediction by logits of `shape` (N, K, H, W).
pub fn record(
    recording: &mut Recording,
    counts: &Tensor,
    prediction: &Tensor,
    labels: &Tensor,
    [n, k, h, w]: [usize; 4],
) {
    let strips = strips(h * w);
    let params = Params {
        rows: (n * k) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        strips: strips as u32,
    };
    recording.clear(counts);
    recording.dispatch(&SPEC, &params, &[counts, prediction, labels], n * k * strips);
}
