//! `shaders/contour/near_contour.wgsl`: a weight that falls off with the distance to the contour.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// D·H·W.
        count: u32,
        w0: f32,
        /// In pixels.
        sigma: f32,
    }
}

/// `marks` from `contour`.
pub static MARK: Spec = Spec {
    stem: "contour/near_contour",
    source: include_str!("../../shaders/contour/near_contour.wgsl"),
    entry_point: "near_contour_mark",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `weight` from `marks` and the `squared` distance to their other side.
pub static WEIGH: Spec = Spec {
    stem: "contour/near_contour",
    source: include_str!("../../shaders/contour/near_contour.wgsl"),
    entry_point: "near_contour_weigh",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records bit 0 of `marks` (D, H, W) where any class of `contour` has its contour.
pub fn record_mark(recording: &mut Recording, marks: &Tensor, contour: &Tensor) {
    let params = Params {
        count: marks.len() as u32,
        ..Params::default()
    };
    recording.dispatch(&MARK, &params, &[marks, contour], marks.len());
}

/// Records `weight` (D, H, W) from `marks` and the `squared` distance to their other side, 0 where there is none.
pub fn record_weigh(
    recording: &mut Recording,
    weight: &Tensor,
    marks: &Tensor,
    squared: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(&WEIGH, params, &[weight, marks, squared], weight.len())
}
