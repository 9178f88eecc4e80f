//! `shaders/contour/marks.wgsl`: label and contour in one word.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// D·H·W.
        count: u32,
    }
}

/// `marks` from `labels` and `contour`.
pub static SPEC: Spec = Spec {
    stem: "contour/marks",
    source: include_str!("../../shaders/contour/marks.wgsl"),
    entry_point: "marks",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `marks = contour | labels << LABEL_BIT`, of fewer than 28 classes.
pub fn record(recording: &mut Recording, marks: &Tensor, labels: &Tensor, contour: &Tensor) {
    let params = Params {
        count: labels.len() as u32,
    };
    recording.dispatch(&SPEC, &params, &[marks, labels, contour], labels.len());
}
