//! `shaders/net/conv3x3.winograd.wgsl`: F(2 × 2, 3 × 3), 16 products for four outputs instead of 36.

use super::Params;
use super::finish::Ending;
use crate::gpu::{Binding, Constants, Error, Recording, Spec, Tensor, Uniform};

/// Tiles side by side that an invocation computes.
const TILES: usize = 2;
const CONSTANTS: Constants = &[("TILES", 2)];

/// Weights, transformed; four output channels to a vector.
static TRANSFORM: Spec = Spec {
    stem: "net/conv3x3.winograd",
    source: include_str!("../../../shaders/net/conv3x3.winograd.wgsl"),
    entry_point: "conv3x3_winograd_transform",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: CONSTANTS,
};

/// `y` from `x`, transformed weights and the bias; with turned weights, the gradient of `x` from that of `y`.
static SPEC: Spec = Spec {
    entry_point: "conv3x3_winograd",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    ..TRANSFORM
};

pub(super) fn specs() -> Vec<&'static Spec> {
    vec![&SPEC, &TRANSFORM]
}

/// Elements of the transformed weights.
pub(super) fn scratch(inputs: usize, outputs: usize) -> usize {
    64 * outputs.div_ceil(4) * inputs
}

pub(super) fn record(
    recording: &mut Recording,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    ending: Ending<'_>,
    params: Params,
) -> Result<(), Error> {
    let [images, inputs, outputs, height, width] = [
        params.images,
        params.inputs,
        params.outputs,
        params.height,
        params.width,
    ]
    .map(|extent| extent as usize);
    let blocks = outputs.div_ceil(4);
    let taps = recording.scratch("conv3x3 transformed weights", scratch(inputs, outputs))?;
    recording.dispatch(&TRANSFORM, &params, &[&taps, weight], blocks * inputs);
    let tiles = width.div_ceil(2 * TILES) * height.div_ceil(2) * blocks * images;
    let tensors = [y, x, &taps, ending.bias_or(weight), ending.gate_or(weight)];
    recording.flops(params.flops());
    recording.dispatch(&SPEC, &ending.params(params), &tensors, tiles);
    Ok(())
}
