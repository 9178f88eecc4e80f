//! `shaders/contour/one_hot.wgsl`: label to class set.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// D·H·W.
        count: u32,
        /// Class set of a voxel of no class.
        ignored: u32,
    }
}

/// `bits` from `labels`.
pub static SPEC: Spec = Spec {
    stem: "contour/one_hot",
    source: include_str!("../../shaders/contour/one_hot.wgsl"),
    entry_point: "one_hot",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `bits = 1 << labels`, and the class set `ignored` where a label is of no class (above 31).
pub fn record(recording: &mut Recording, bits: &Tensor, labels: &Tensor, ignored: u32) {
    let params = Params {
        count: labels.len() as u32,
        ignored,
    };
    recording.dispatch(&SPEC, &params, &[bits, labels], labels.len());
}
