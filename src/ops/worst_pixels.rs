//! `shaders/loss/worst_pixels.wgsl`: the pixels of each image whose values are largest.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, WORKGROUP, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N.
        samples: u32,
        /// H·W.
        pixels: u32,
        /// Pixels kept of 1000 that count, 1 to 1000: a whole number, so that every executor keeps the same number.
        per_mille: u32,
    }
}

/// `weight` from `values`.
pub static SPEC: Spec = Spec {
    stem: "loss/worst_pixels",
    source: include_str!("../../shaders/loss/worst_pixels.wgsl"),
    entry_point: "worst_pixels",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `weight` (N, H, W) of `values` (N, H, W, 2): 1 for the pixels that are kept, 0 for the others, and the same
/// fraction for all that have the least value kept. The second of the values is 1 where a pixel counts, else 0.
pub fn record(recording: &mut Recording, weight: &Tensor, values: &Tensor, params: &Params) -> Uniforms {
    let invocations = params.samples as usize * WORKGROUP as usize;
    recording.dispatch(&SPEC, params, &[weight, values], invocations)
}
