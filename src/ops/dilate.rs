//! `shaders/contour/dilate.wgsl`: one dilation of every class.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        width: u32,
        height: u32,
        depth: u32,
        /// Offsets in the structuring element.
        elements: u32,
    }
}

/// `dilated` from `bits` and `element`.
pub static SPEC: Spec = Spec {
    stem: "contour/dilate",
    source: include_str!("../../shaders/contour/dilate.wgsl"),
    entry_point: "dilate",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records the dilation of `bits` (D, H, W) by `element` (offsets x, y, z, 0).
pub fn record(
    recording: &mut Recording,
    dilated: &Tensor,
    bits: &Tensor,
    element: &Tensor,
    dims: [usize; 3],
) {
    let [depth, height, width] = dims.map(|extent| extent as u32);
    let params = Params {
        width,
        height,
        depth,
        elements: (element.len() / 4) as u32,
    };
    recording.dispatch(&SPEC, &params, &[dilated, bits, element], bits.len());
}
