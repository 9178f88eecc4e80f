//! `shaders/view/agreement.wgsl`: where prediction and reference agree and where not.

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
        /// Bit k: class k is compared.
        visible: u32,
        opacity: f32,
        /// Width of the patterns' stripes in canvas pixels, at least 1.
        stripe: u32,
    }
}

/// Packed rgba8 `pixels`, one for each canvas pixel.
pub static PAINT: Spec = Spec {
    stem: "view/agreement",
    source: include_str!("../../shaders/view/agreement.wgsl"),
    entry_point: "agreement_paint",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records the verdict on `reference` and `predicted` (bit sets) in four `colors` over the pixels: true positive, false
/// positive, false negative, another class. The parameters may be rewritten before each replay.
pub fn record(
    recording: &mut Recording,
    pixels: &Tensor,
    reference: &Tensor,
    predicted: &Tensor,
    colors: &Tensor,
    params: &Params,
) -> Uniforms {
    recording.dispatch(
        &PAINT,
        params,
        &[pixels, reference, predicted, colors],
        pixels.len(),
    )
}
