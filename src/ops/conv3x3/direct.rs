//! `shaders/net/conv3x3.direct.wgsl`: large tiles in registers, no barriers.

use super::Params;
use super::finish::Ending;
use crate::gpu::{Binding, Constants, Recording, Spec, Tensor, Uniform};

/// `y` from `x`, weights and the bias, or the gradient of `x` from that of `y`; the smallest tile.
const SPEC: Spec = Spec {
    stem: "net/conv3x3.direct",
    source: include_str!("../../../shaders/net/conv3x3.direct.wgsl"),
    entry_point: "conv3x3_direct",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: TILES[0].constants,
};

/// Columns of one invocation's outputs; the kernel is written for as many.
const COLUMNS: usize = 4;

/// The other outputs of one invocation.
#[derive(Clone, Copy, Debug)]
struct Tile {
    channels: usize,
    rows: usize,
    constants: Constants,
}

/// 4 × 2 × 4 leaves a GPU registers to spare, 8 × 8 × 4 loads least.
const TILES: [Tile; 4] = [
    Tile {
        channels: 4,
        rows: 2,
        constants: &[("CHANNELS", 4), ("ROWS", 2)],
    },
    Tile {
        channels: 4,
        rows: 4,
        constants: &[("CHANNELS", 4), ("ROWS", 4)],
    },
    Tile {
        channels: 4,
        rows: 8,
        constants: &[("CHANNELS", 4), ("ROWS", 8)],
    },
    Tile {
        channels: 8,
        rows: 8,
        constants: &[("CHANNELS", 8), ("ROWS", 8)],
    },
];

static SPECS: [Spec; 4] = [
    SPEC.with(TILES[0].constants),
    SPEC.with(TILES[1].constants),
    SPEC.with(TILES[2].constants),
    SPEC.with(TILES[3].constants),
];

pub(super) fn specs() -> Vec<&'static Spec> {
    SPECS.iter().collect()
}

/// Records the convolution with the tile of this number.
pub(super) fn record(
    recording: &mut Recording,
    tile: usize,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    ending: Ending<'_>,
    params: Params,
) {
    let Tile { channels, rows, .. } = TILES[tile];
    let [images, outputs, height, width] =
        [params.images, params.outputs, params.height, params.width].map(|extent| extent as usize);
    let tiles = width.div_ceil(COLUMNS) * height.div_ceil(rows) * outputs.div_ceil(channels) * images;
    let tensors = [y, x, weight, ending.bias_or(weight), ending.gate_or(weight)];
    recording.flops(params.flops());
    recording.dispatch(&SPECS[tile], &ending.params(params), &tensors, tiles);
}
