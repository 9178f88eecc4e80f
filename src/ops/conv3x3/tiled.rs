//! `shaders/net/conv3x3.tiled.wgsl`: tiles in workgroup memory, for adapters where that is fast.

use super::Params;
use super::finish::Ending;
use crate::gpu::{Binding, Constants, Error, Recording, Spec, Tensor, Uniform, WORKGROUP};

/// Channels, rows and columns that a workgroup computes.
const TILE: [usize; 3] = [8, 16, 32];

/// Rows that divide into quads, and rows that do not.
const CONSTANTS: [Constants; 2] = [&[("CHUNK", 4), ("WHOLE", 0)], &[("CHUNK", 4), ("WHOLE", 1)]];

/// Weights, eight output channels side by side.
static PACK: Spec = Spec {
    stem: "net/conv3x3.tiled",
    source: include_str!("../../../shaders/net/conv3x3.tiled.wgsl"),
    entry_point: "conv3x3_tiled_pack",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: CONSTANTS[0],
};

/// `y` from `x`, packed weights and the bias; with turned weights, the gradient of `x` from that of `y`.
const SPEC: Spec = Spec {
    entry_point: "conv3x3_tiled",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    ..PACK
};

static SPECS: [Spec; 2] = SPEC.with_each(CONSTANTS);

pub(super) fn specs() -> Vec<&'static Spec> {
    SPECS.iter().chain([&PACK]).collect()
}

/// Elements of the packed weights.
pub(super) fn scratch(inputs: usize, outputs: usize) -> usize {
    72 * outputs.div_ceil(TILE[0]) * inputs
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
    let blocks = outputs.div_ceil(TILE[0]);
    let taps = recording.scratch("conv3x3 packed weights", scratch(inputs, outputs))?;
    recording.dispatch(&PACK, &params, &[&taps, weight], taps.len() / 4);
    let groups = width.div_ceil(TILE[2]) * height.div_ceil(TILE[1]) * blocks * images;
    let spec = &SPECS[usize::from(width.is_multiple_of(4))];
    let tensors = [y, x, &taps, ending.bias_or(weight), ending.gate_or(weight)];
    recording.flops(params.flops());
    recording.dispatch(
        spec,
        &ending.params(params),
        &tensors,
        groups * WORKGROUP as usize,
    );
    Ok(())
}
