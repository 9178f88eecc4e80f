//! `shaders/contour/between_objects.wgsl`: a weight for the gaps between objects.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// D·H·W.
        count: u32,
        width: u32,
        /// Below 65,535: rows are kept in 16 bits.
        height: u32,
        w0: f32,
        /// In pixels.
        sigma: f32,
    }
}

/// `rows` from `objects`.
pub static FIRST: Spec = Spec {
    stem: "contour/between_objects",
    source: include_str!("../../shaders/contour/between_objects.wgsl"),
    entry_point: "between_objects_first",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `weight` from `objects` and `rows`.
pub static WEIGH: Spec = Spec {
    stem: "contour/between_objects",
    source: include_str!("../../shaders/contour/between_objects.wgsl"),
    entry_point: "between_objects_weigh",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `rows` (D, H, W), the two nearest distinct objects in each pixel's column, from `objects` (D, H, W).
pub fn record_first(recording: &mut Recording, rows: &Tensor, objects: &Tensor, params: &Params) {
    recording.dispatch(&FIRST, params, &[rows, objects], rows.len());
}

/// Records `weight` (D, H, W) from `objects` and `rows`.
pub fn record_weigh(
    recording: &mut Recording,
    weight: &Tensor,
    objects: &Tensor,
    rows: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(&WEIGH, params, &[weight, objects, rows], weight.len())
}
