//! `shaders/loss/region_sums.wgsl`: Σpg, Σp, Σg on the contour of each class and off it, in strips.

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

/// Sums of one class of one image: (contour, rest) × (Σpg, Σp, Σg).
pub const SUMS: usize = 6;

/// `partials` from `p`, `labels` and `contour`.
pub static SPEC: Spec = Spec {
    stem: "loss/region_sums",
    source: include_str!("../../shaders/loss/region_sums.wgsl"),
    entry_point: "region_sums",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
};

/// Records `partials` (strips, N, K, 2, 3) of `p` of `shape` (N, K, H, W).
pub fn record(
    recording: &mut Recording,
    partials: &Tensor,
    p: &Tensor,
    labels: &Tensor,
    contour: &Tensor,
    [n, k, h, w]: [usize; 4],
) {
    let strips = partials.len() / (SUMS * n * k);
    let params = Params {
        rows: (n * k) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        strips: strips as u32,
    };
    let tensors = [partials, p, labels, contour];
    recording.dispatch(&SPEC, &params, &tensors, n * k * strips);
}
