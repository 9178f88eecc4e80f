//! `shaders/limits/multiply_add.wgsl`: as many multiplications and additions as the adapter can do.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        count: u32,
        turns: u32,
        factor: f32,
        addend: f32,
    }
}

/// `y` from the index alone.
pub static SPEC: Spec = Spec {
    stem: "limits/multiply_add",
    source: include_str!("../../shaders/limits/multiply_add.wgsl"),
    entry_point: "multiply_add",
    bindings: &[Binding::Uniform, Binding::Write],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Numbers that an invocation multiplies and adds to, eight times a turn.
const NUMBERS: usize = 12;

/// Numbers converge to 1 and stay there: neither infinities nor subnormals, whose speed may differ.
#[must_use]
pub fn params(count: usize, turns: u32) -> Params {
    Params {
        count: count as u32,
        turns,
        factor: 0.75,
        addend: 0.25,
    }
}

/// Floating-point operations of a dispatch.
#[must_use]
pub fn flops(count: usize, turns: u32) -> usize {
    2 * 8 * NUMBERS * count * turns as usize
}

/// Records `turns` turns of every element of `y`; they may be rewritten by the uniforms.
pub fn record(recording: &mut Recording, y: &Tensor, turns: u32) -> Uniforms {
    recording.flops(flops(y.len(), turns));
    recording.dispatch(&SPEC, &params(y.len(), turns), &[y], y.len())
}
