//! `shaders/contour/one_hot.wgsl`: label to class set.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// D·H·W.
        count: u32,
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

/// Records `bits = 1 << labels`; each label below 32.
pub fn record(recording: &mut Recording, bits: &Tensor, labels: &Tensor) {
    let params = Params {
        count: labels.len() as u32,
    };
    recording.dispatch(&SPEC, &params, &[bits, labels], labels.len());
}
