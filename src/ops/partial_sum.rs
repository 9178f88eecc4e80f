//! `shaders/net/partial_sum.wgsl`: the second pass of a reduction.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// Elements of a strip.
        count: u32,
        strips: u32,
    }
}

/// `sum` from `partial`.
pub static PARTIAL_SUM: Spec = Spec {
    stem: "net/partial_sum",
    source: include_str!("../../shaders/net/partial_sum.wgsl"),
    entry_point: "partial_sum",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `sum += Σ partial`, where `partial` is (strips, `sum.len()`).
pub fn record(recording: &mut Recording, sum: &Tensor, partial: &Tensor) {
    let params = Params {
        count: sum.len() as u32,
        strips: (partial.len() / sum.len()) as u32,
    };
    recording.dispatch(&PARTIAL_SUM, &params, &[sum, partial], sum.len());
}
