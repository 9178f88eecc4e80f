//! `shaders/view/outline.wgsl`: class borders as lines of constant width on the canvas.

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
        /// Bit k: class k is drawn.
        visible: u32,
        opacity: f32,
        /// In canvas pixels.
        width: u32,
        /// 0: solid; else the length of dashes in canvas pixels.
        dash: u32,
    }
}

/// Packed rgba8 `pixels`, one for each canvas pixel.
pub static PAINT: Spec = Spec {
    stem: "view/outline",
    source: include_str!("../../shaders/view/outline.wgsl"),
    entry_point: "outline_paint",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records the borders of `classes` (bit sets) in their `colors` over the pixels; the parameters may be rewritten before each replay.
pub fn record(
    recording: &mut Recording,
    pixels: &Tensor,
    classes: &Tensor,
    colors: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(&PAINT, params, &[pixels, classes, colors], pixels.len())
}
