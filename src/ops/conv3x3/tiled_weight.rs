//! `shaders/net/conv3x3.tiled_weight.wgsl`: blocks in workgroup memory, for adapters where that is fast.

use crate::gpu::{Binding, Constants, Error, Recording, Spec, Tensor, Uniform, WORKGROUP, uniform};
use crate::ops::strips;

uniform! {
    /// What the kernel is told.
    pub struct Params {
        images: u32,
        inputs: u32,
        outputs: u32,
        height: u32,
        width: u32,
        /// Shares of the blocks of pixels.
        strips: u32,
        /// Elements of a strip.
        length: u32,
        /// Where the bias stands in a strip; 0: there is none.
        bias_at: u32,
    }
}

/// Output and input channels of a workgroup.
const CHANNELS: usize = 16;
/// Rows and columns of a block of pixels.
const BLOCK: [usize; 2] = [4, 16];

/// Rows that do not divide into quads, and rows that do.
const CONSTANTS: [Constants; 2] = [&[("WHOLE", 0)], &[("WHOLE", 1)]];

/// Partial sums of the gradients of weight and bias from `x` and `dy`.
const SPEC: Spec = Spec {
    stem: "net/conv3x3.tiled_weight",
    source: include_str!("../../../shaders/net/conv3x3.tiled_weight.wgsl"),
    entry_point: "conv3x3_tiled_weight",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    uniform: Params::FIELDS,
    constants: CONSTANTS[0],
};

static SPECS: [Spec; 2] = [SPEC.with(CONSTANTS[0]), SPEC.with(CONSTANTS[1])];

pub(super) fn specs() -> Vec<&'static Spec> {
    SPECS.iter().collect()
}

/// Strips that the partial sums are made of.
pub(super) fn strips_of([n, c_in, h, w]: [usize; 4], c_out: usize) -> usize {
    let blocks = n * h.div_ceil(BLOCK[0]) * w.div_ceil(BLOCK[1]);
    strips(groups(c_in, c_out) * WORKGROUP as usize, blocks).max(blocks.min(4))
}

/// Workgroups of one strip.
fn groups(c_in: usize, c_out: usize) -> usize {
    c_in.div_ceil(CHANNELS) * c_out.div_ceil(CHANNELS)
}

/// Records the partial sums and gives their tensor: (strips, `weights + biases`).
pub(super) fn record(
    recording: &mut Recording,
    weights: usize,
    biases: usize,
    x: &Tensor,
    dy: &Tensor,
    [n, c_in, h, w]: [usize; 4],
    c_out: usize,
) -> Result<Tensor, Error> {
    let groups = groups(c_in, c_out);
    let strips = strips_of([n, c_in, h, w], c_out);
    let length = weights + biases;
    let partial = recording.scratch("conv3x3 partial", strips * length)?;
    let params = Params {
        images: n as u32,
        inputs: c_in as u32,
        outputs: c_out as u32,
        height: h as u32,
        width: w as u32,
        strips: strips as u32,
        length: length as u32,
        bias_at: if biases > 0 { weights as u32 } else { 0 },
    };
    let spec = &SPECS[usize::from(w.is_multiple_of(4))];
    let invocations = strips * groups * WORKGROUP as usize;
    recording.flops(super::flops([n, c_in, h, w], c_out));
    recording.dispatch(spec, &params, &[&partial, x, dy], invocations);
    Ok(partial)
}
