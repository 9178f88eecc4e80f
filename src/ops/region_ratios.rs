//! `shaders/loss/region_ratios.wgsl`: the Dice ratios of each pool, with their derivatives.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N.
        samples: u32,
        /// K.
        classes: u32,
        /// 1: a ratio for each image.
        by_sample: u32,
        /// 1: a ratio for each foreground class.
        by_class: u32,
        /// 1: a pool without a foreground pixel is left out.
        exclude: u32,
        epsilon: f32,
    }
}

/// Numbers of one pool: (contour, rest) × (a, b, D, 1 if it counts).
pub const RATIOS: usize = 8;

/// `ratios` from `sums`.
pub static SPEC: Spec = Spec {
    stem: "loss/region_ratios",
    source: include_str!("../../shaders/loss/region_ratios.wgsl"),
    entry_point: "region_ratios",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
};

/// Records `ratios` (pools, 2, 4) of `sums` (N, K, 2, 3). There is room for N·K pools, so that the pooling may
/// change between replays.
pub fn record(recording: &mut Recording, ratios: &Tensor, sums: &Tensor, params: &Params) -> Uniforms {
    recording.dispatch(&SPEC, params, &[ratios, sums], ratios.len() / RATIOS)
}
