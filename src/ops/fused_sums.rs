//! `shaders/loss/fused_sums.wgsl`: pixel term and region sums of a loss in one pass over the logits.

use super::fused::{self, Params, Variant};
use crate::gpu::{Binding, Recording, Spec, Tensor, Uniforms};

const SPEC: Spec = Spec {
    stem: "loss/fused_sums",
    source: include_str!("../../shaders/loss/fused_sums.wgsl"),
    entry_point: "fused_sums",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: fused::FIELDS,
    constants: &[],
};

/// `partials` and `pixel_partials` from `logits`, `marks`, `weight`, `tables` and `field`, in every variant.
pub static SPECS: [Spec; fused::COUNT] = fused::specs(&SPEC);

/// Into how many strips the pixels of an image are cut: the square root, so that both passes are equally long, and
/// so many that none adds up more than 256 numbers: then even the same rounding each time stays below 10⁻⁵.
#[must_use]
pub fn strips(pixels: usize) -> usize {
    pixels.isqrt().max(pixels.div_ceil(256)).max(1)
}

/// Records `partials` (strips, N, K, 2, 4) and `pixel_partials` (strips, N, 2) of `logits` (N, K, H, W) and `marks`
/// (N, H, W) of [`marks`](super::marks). `tables` holds the K class weights and (K, K) costs; `weight` (N, H, W) and
/// `field` (N, K, H, W) may have one element where they are not asked for.
pub fn record(
    recording: &mut Recording,
    partials: &Tensor,
    pixel_partials: &Tensor,
    logits: &Tensor,
    marks: &Tensor,
    weight: &Tensor,
    tables: &Tensor,
    field: &Tensor,
    variant: Variant,
    params: &Params,
) -> Uniforms {
    let tensors = [partials, pixel_partials, logits, marks, weight, tables, field];
    let invocations = (params.samples * params.strips) as usize;
    recording.dispatch(&SPECS[variant.index()], params, &tensors, invocations)
}
