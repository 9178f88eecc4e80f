//! `shaders/contour/signed_distance.wgsl`: the map of the boundary loss.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// D·K·H·W.
        count: u32,
        /// H·W.
        area: u32,
        /// K.
        classes: u32,
    }
}

/// `signed` from `bits` and `distance`.
pub static SPEC: Spec = Spec {
    stem: "contour/signed_distance",
    source: include_str!("../../shaders/contour/signed_distance.wgsl"),
    entry_point: "signed_distance",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `signed` (D, K, H, W) from `bits` (D, H, W) and `distance` (D, K, H, W).
pub fn record(
    recording: &mut Recording,
    signed: &Tensor,
    bits: &Tensor,
    distance: &Tensor,
    area: usize,
    classes: usize,
) {
    let params = Params {
        count: signed.len() as u32,
        area: area as u32,
        classes: classes as u32,
    };
    recording.dispatch(&SPEC, &params, &[signed, bits, distance], signed.len());
}
