//! `shaders/contour/contour.wgsl`: the difference of two class sets, where there is a class.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// D·H·W.
        count: u32,
    }
}

/// `bits` from `larger`, `smaller` and `labels`.
pub static SPEC: Spec = Spec {
    stem: "contour/contour",
    source: include_str!("../../shaders/contour/contour.wgsl"),
    entry_point: "contour",
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

/// Records `bits = larger − smaller`, and nothing where a label is of no class (above 31).
pub fn record(recording: &mut Recording, bits: &Tensor, larger: &Tensor, smaller: &Tensor, labels: &Tensor) {
    let params = Params {
        count: bits.len() as u32,
    };
    recording.dispatch(&SPEC, &params, &[bits, larger, smaller, labels], bits.len());
}
