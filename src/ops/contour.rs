//! `shaders/contour/contour.wgsl`: the difference of two class sets.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// D·H·W.
        count: u32,
    }
}

/// `bits` from `larger` and `smaller`.
pub static SPEC: Spec = Spec {
    stem: "contour/contour",
    source: include_str!("../../shaders/contour/contour.wgsl"),
    entry_point: "contour",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `bits = larger − smaller`.
pub fn record(recording: &mut Recording, bits: &Tensor, larger: &Tensor, smaller: &Tensor) {
    let params = Params {
        count: bits.len() as u32,
    };
    recording.dispatch(&SPEC, &params, &[bits, larger, smaller], bits.len());
}
