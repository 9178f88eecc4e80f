//! `shaders/contour/erode.wgsl`: one erosion of every class.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        width: u32,
        height: u32,
        depth: u32,
        /// Offsets in the structuring element.
        elements: u32,
        /// Class set beyond the volume.
        outside: u32,
    }
}

/// `eroded` from `bits` and `element`.
pub static SPEC: Spec = Spec {
    stem: "contour/erode",
    source: include_str!("../../shaders/contour/erode.wgsl"),
    entry_point: "erode",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records the erosion of `bits` (D, H, W) by `element` (offsets x, y, z, 0).
pub fn record(
    recording: &mut Recording,
    eroded: &Tensor,
    bits: &Tensor,
    element: &Tensor,
    dims: [usize; 3],
    outside: u32,
) {
    let [depth, height, width] = dims.map(|extent| extent as u32);
    let params = Params {
        width,
        height,
        depth,
        elements: (element.len() / 4) as u32,
        outside,
    };
    recording.dispatch(&SPEC, &params, &[eroded, bits, element], bits.len());
}
