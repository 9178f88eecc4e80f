//! `shaders/view/overlay.wgsl`: classes as colours over what is there.

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
    }
}

/// Packed rgba8 `pixels`, one for each canvas pixel.
pub static PAINT: Spec = Spec {
    stem: "view/overlay",
    source: include_str!("../../shaders/view/overlay.wgsl"),
    entry_point: "overlay_paint",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `classes` (bit sets) in their `colors` over the pixels; the parameters may be rewritten before each replay.
pub fn record(
    recording: &mut Recording,
    pixels: &Tensor,
    classes: &Tensor,
    colors: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(&PAINT, params, &[pixels, classes, colors], pixels.len())
}
