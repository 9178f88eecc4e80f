//! `shaders/contour/weight_map.wgsl`: what a pixel's cross-entropy weighs.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        /// D·H·W.
        count: u32,
        /// Class set that counts.
        classes: u32,
        base: f32,
        lambda: f32,
    }
}

/// `weight` from `contour`.
pub static SPEC: Spec = Spec {
    stem: "contour/weight_map",
    source: include_str!("../../shaders/contour/weight_map.wgsl"),
    entry_point: "weight_map",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Records `weight = base + lambda · min(1, Σ C_k)` over the classes of `params`.
pub fn record(recording: &mut Recording, weight: &Tensor, contour: &Tensor, params: &Params) -> Uniforms {
    recording.dispatch(&SPEC, params, &[weight, contour], contour.len())
}
