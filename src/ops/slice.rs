//! `shaders/view/slice.wgsl`: the slice under the window, in colours.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        canvas_width: u32,
        canvas_height: u32,
        /// Of the slice.
        columns: u32,
        rows: u32,
        /// Slice coordinate = origin + step · canvas coordinate.
        origin_x: f32,
        origin_y: f32,
        step_x: f32,
        step_y: f32,
        /// The first colour.
        low: f32,
        /// The last colour.
        high: f32,
        /// 0: the nearest voxel, 1: linear between voxel centres.
        smooth_: u32,
        /// Packed rgba8, outside the slice.
        background: u32,
    }
}

/// Packed rgba8 `pixels`, one for each canvas pixel.
pub static PAINT: Spec = Spec {
    stem: "view/slice",
    source: include_str!("../../shaders/view/slice.wgsl"),
    entry_point: "slice_paint",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records every pixel from `values` in 256 `colors`; the parameters may be rewritten before each replay.
pub fn record(
    recording: &mut Recording,
    pixels: &Tensor,
    values: &Tensor,
    colors: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(&PAINT, params, &[pixels, values, colors], pixels.len())
}
