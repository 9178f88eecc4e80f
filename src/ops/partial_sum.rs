//! `shaders/net/partial_sum.wgsl`: the second pass of a reduction.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// Elements of a strip.
        count: u32,
        strips: u32,
        /// Elements of a strip that belong to the first parameter.
        first: u32,
        /// Elements between the first parameter and the second.
        gap: u32,
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
    record_both(recording, sum, None, partial);
}

/// As [`record`] for two parameters, of which the second stands behind the first in the same buffer: `partial` is
/// (strips, `first.len() + second.len()`).
pub fn record_both(recording: &mut Recording, first: &Tensor, second: Option<&Tensor>, partial: &Tensor) {
    let count = first.len() + second.map_or(0, Tensor::len);
    let sum = second.map_or_else(|| first.clone(), |second| first.up_to(second));
    let params = Params {
        count: count as u32,
        strips: (partial.len() / count) as u32,
        first: first.len() as u32,
        gap: (sum.len() - count) as u32,
    };
    recording.dispatch(&PARTIAL_SUM, &params, &[&sum, partial], count);
}
