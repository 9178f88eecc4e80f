//! `shaders/loss/fused_gradient.wgsl`: the gradient of a loss in one pass over the logits.

use super::fused::{self, Params, Variant};
use crate::gpu::{Binding, Recording, Spec, Tensor, Uniforms};

const SPEC: Spec = Spec {
    stem: "loss/fused_gradient",
    source: include_str!("../../shaders/loss/fused_gradient.wgsl"),
    entry_point: "fused_gradient",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: fused::FIELDS,
    constants: &[],
};

/// `dlogits` from all that the loss knows, in every variant.
pub static SPECS: [Spec; fused::COUNT] = fused::specs(&SPEC);

/// Pixels that share the loads of the coefficients of their image.
const RUN: usize = 64;

/// Into how many strips the pixels of an image are cut.
#[must_use]
pub fn strips(pixels: usize) -> usize {
    pixels.div_ceil(RUN)
}

/// Records `dlogits` (N, K, H, W) of `logits` (N, K, H, W), `marks` (N, H, W) of [`marks`](super::marks) and
/// `coefficients` of [`region_terms`](super::region_terms). `tables` holds the K class weights and (K, K) costs;
/// `weight` (N, H, W) and `field` (N, K, H, W) may have one element where they are not asked for.
pub fn record(
    recording: &mut Recording,
    dlogits: &Tensor,
    logits: &Tensor,
    marks: &Tensor,
    weight: &Tensor,
    tables: &Tensor,
    coefficients: &Tensor,
    field: &Tensor,
    variant: Variant,
    params: &Params,
) -> Uniforms {
    let tensors = [dlogits, logits, marks, weight, tables, coefficients, field];
    let invocations = (params.samples * params.strips) as usize;
    recording.dispatch(&SPECS[variant.index()], params, &tensors, invocations)
}
