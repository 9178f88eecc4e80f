//! `shaders/loss/region_sums.wgsl`: Σqt, Σq, Σt, Σq² on the contour of each class and off it, in strips.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

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
        /// 0: nothing counts as contour.
        split: u32,
        /// 1: the tables hold costs.
        costs: u32,
    }
}

/// Sums of one class of one image: (contour, rest) × (Σqt, Σq, Σt, Σq²).
pub const SUMS: usize = 8;

/// `partials` from `p`, `labels`, `contour` and `tables`.
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
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `partials` (strips, N, K, 2, 4) of `p` (N, K, H, W).
pub fn record(
    recording: &mut Recording,
    partials: &Tensor,
    p: &Tensor,
    labels: &Tensor,
    contour: &Tensor,
    tables: &Tensor,
    params: &Params,
) -> Uniforms {
    let tensors = [partials, p, labels, contour, tables];
    recording.dispatch(&SPEC, params, &tensors, (params.rows * params.strips) as usize)
}
