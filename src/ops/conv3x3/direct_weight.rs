//! `shaders/net/conv3x3.direct_weight.wgsl`: sums in registers, no barriers.

use crate::gpu::{Binding, Constants, Error, Recording, Spec, Tensor, Uniform, uniform};
use crate::ops::strips;

uniform! {
    /// What the kernel is told.
    pub struct Params {
        images: u32,
        inputs: u32,
        outputs: u32,
        height: u32,
        width: u32,
        /// Rows in a band.
        rows: u32,
        /// Bands in an image.
        bands: u32,
        /// Elements of a strip.
        length: u32,
        /// Where the bias stands in a strip; 0: there is none.
        bias_at: u32,
    }
}

/// Columns that an invocation sums over; the kernel's sums are written for as many.
const COLUMNS: usize = 8;
const OUTPUTS: usize = 4;

/// Input channels of one invocation, by number of the variant.
const INPUTS: [usize; 3] = [1, 2, 4];

const CONSTANTS: [Constants; 3] = [
    &[("COLUMNS", 8), ("OUTPUTS", 4), ("INPUTS", 1)],
    &[("COLUMNS", 8), ("OUTPUTS", 4), ("INPUTS", 2)],
    &[("COLUMNS", 8), ("OUTPUTS", 4), ("INPUTS", 4)],
];

/// Partial sums of the gradients of weight and bias from `x` and `dy`.
const SPEC: Spec = Spec {
    stem: "net/conv3x3.direct_weight",
    source: include_str!("../../../shaders/net/conv3x3.direct_weight.wgsl"),
    entry_point: "conv3x3_direct_weight",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: CONSTANTS[0],
};

static SPECS: [Spec; 3] = [
    SPEC.with(CONSTANTS[0]),
    SPEC.with(CONSTANTS[1]),
    SPEC.with(CONSTANTS[2]),
];

pub(super) fn specs() -> Vec<&'static Spec> {
    SPECS.iter().collect()
}

/// Strips that the partial sums are made of.
pub(super) fn strips_of(variant: usize, shape: [usize; 4], c_out: usize) -> usize {
    let [_, columns, bands] = division(variant, shape, c_out);
    columns * bands
}

/// Blocks of channels, groups of columns of all images, bands of an image.
fn division(variant: usize, [n, c_in, h, w]: [usize; 4], c_out: usize) -> [usize; 3] {
    let blocks = c_in.div_ceil(INPUTS[variant]) * c_out.div_ceil(OUTPUTS);
    let columns = n * w.div_ceil(COLUMNS);
    // A band costs two rows of x more than it has: not shorter than four times that.
    let bands = strips(blocks * columns, h.div_ceil(8));
    [blocks, columns, h.div_ceil(h.div_ceil(bands))]
}

/// Records the partial sums and gives their tensor: (strips, `weights + biases`).
pub(super) fn record(
    recording: &mut Recording,
    variant: usize,
    weights: usize,
    biases: usize,
    x: &Tensor,
    dy: &Tensor,
    [n, c_in, h, w]: [usize; 4],
    c_out: usize,
) -> Result<Tensor, Error> {
    let [blocks, columns, bands] = division(variant, [n, c_in, h, w], c_out);
    let rows = h.div_ceil(bands);
    let length = weights + biases;
    let partial = recording.scratch("conv3x3 partial", columns * bands * length)?;
    let params = Params {
        images: n as u32,
        inputs: c_in as u32,
        outputs: c_out as u32,
        height: h as u32,
        width: w as u32,
        rows: rows as u32,
        bands: bands as u32,
        length: length as u32,
        bias_at: if biases > 0 { weights as u32 } else { 0 },
    };
    recording.flops(super::flops([n, c_in, h, w], c_out));
    recording.dispatch(
        &SPECS[variant],
        &params,
        &[&partial, x, dy],
        columns * bands * blocks,
    );
    Ok(partial)
}
