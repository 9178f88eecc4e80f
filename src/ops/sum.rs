//! `shaders/loss/sum.wgsl`: sums of columns; two of them make a sum of everything.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// Numbers; the last row may be short.
        count: u32,
        columns: u32,
    }
}

/// `sums` from `x`.
pub static SPEC: Spec = Spec {
    stem: "loss/sum",
    source: include_str!("../../shaders/loss/sum.wgsl"),
    entry_point: "sum",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `sums` (columns) of `x` (rows, columns).
pub fn record(recording: &mut Recording, sums: &Tensor, x: &Tensor) {
    let params = Params {
        count: x.len() as u32,
        columns: sums.len() as u32,
    };
    recording.dispatch(&SPEC, &params, &[sums, x], sums.len());
}

/// Into how many strips `count` numbers are cut for a first pass: the square root, so that both passes are
/// equally long. A million f32 then pass through four blocks of at most 32 additions, each off by 6e-8.
#[must_use]
pub fn strips(count: usize) -> usize {
    count.isqrt().max(1)
}
