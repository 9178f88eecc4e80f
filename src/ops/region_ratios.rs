//! `shaders/loss/region_ratios.wgsl`: the ratios of a region loss, their slopes and shares.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// N.
        samples: u32,
        /// K.
        classes: u32,
        /// 1: the background takes no part.
        first: u32,
        /// 1: a ratio for each image.
        by_sample: u32,
        /// 1: a ratio for each class.
        by_class: u32,
        /// 1: a pool without a target is left out.
        exclude: u32,
        /// 0 to 3: u = 1, 1/T, 1/T², 1/(T² + 10⁻³).
        weighting: u32,
        /// H·W.
        pixels: f32,
        numerator_qt: f32,
        numerator_t: f32,
        denominator_qt: f32,
        denominator_q: f32,
        denominator_t: f32,
        denominator_qq: f32,
        smooth_numerator: f32,
        smooth_denominator: f32,
        exponent: f32,
        /// 1: contour and rest make one ratio with an overlap that α raises.
        boundary: u32,
        /// The largest α.
        limit: f32,
    }
}

/// Numbers of one pool: (contour, rest) × three vectors of four.
pub const RATIOS: usize = 24;

/// `ratios` and `members` from `sums`.
pub static SPEC: Spec = Spec {
    stem: "loss/region_ratios",
    source: include_str!("../../shaders/loss/region_ratios.wgsl"),
    entry_point: "region_ratios",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `ratios` (pools, 2, 3, 4) and `members` (N, K) of `sums` (N, K, 2, 4). There is room for a pool of each
/// class of each image.
pub fn record(
    recording: &mut Recording,
    ratios: &Tensor,
    members: &Tensor,
    sums: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(&SPEC, params, &[ratios, members, sums], ratios.len() / RATIOS)
}
