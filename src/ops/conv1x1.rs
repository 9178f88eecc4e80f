//! `shaders/net/conv1x1.wgsl`: `weight` is (`C_out`, `C_in`).

use super::{partial_sum, strips};
use crate::gpu::{Binding, Error, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        images: u32,
        /// Channels that the kernel reads.
        inputs: u32,
        /// Channels that the kernel computes.
        outputs: u32,
        /// H·W.
        size: u32,
        has_bias: u32,
        /// 0 writes, 1 adds.
        accumulate: u32,
        /// Pack: 1 for the gradient of the input.
        turned: u32,
        /// Backward of the weight: shares of an image.
        strips: u32,
    }
}

/// Weights, four output channels to a vector.
pub static PACK: Spec = Spec {
    stem: "net/conv1x1",
    source: include_str!("../../shaders/net/conv1x1.wgsl"),
    entry_point: "conv1x1_pack",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `y` from `x`, packed weights and the bias; with turned weights, `dx` from `dy`.
pub static FORWARD: Spec = Spec {
    entry_point: "conv1x1_forward",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    ..PACK
};

/// Partial sums of `dweight` from `x` and `dy`.
pub static BACKWARD_WEIGHT: Spec = Spec {
    entry_point: "conv1x1_backward_weight",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

/// Channels, and pixels, of a quad.
const QUAD: usize = 4;

/// Pixels of an invocation of the forward pass.
const RUN: usize = 16;

/// Records `y` (N, `c_out`, H, W) `= weight · x + bias`.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_forward(
    recording: &mut Recording,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    shape: [usize; 4],
    c_out: usize,
) -> Result<(), Error> {
    let [_, c_in, ..] = shape;
    let params = Params {
        has_bias: bias.is_some().into(),
        ..params(shape, c_in, c_out)
    };
    convolve(recording, y, x, weight, bias, params)
}

/// Records `dx` (N, `C_in`, H, W) from `dy` (N, `c_out`, H, W), added to `dx` if `accumulate`.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_backward_input(
    recording: &mut Recording,
    dx: &Tensor,
    dy: &Tensor,
    weight: &Tensor,
    shape: [usize; 4],
    c_out: usize,
    accumulate: bool,
) -> Result<(), Error> {
    let [_, c_in, ..] = shape;
    let params = Params {
        accumulate: accumulate.into(),
        turned: 1,
        ..params(shape, c_out, c_in)
    };
    convolve(recording, dx, dy, weight, None, params)
}

/// Records `dweight += ` the gradient from `x` and `dy`. That of the bias is
/// [`channel_sum`](super::channel_sum).
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_backward_weight(
    recording: &mut Recording,
    dweight: &Tensor,
    x: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    c_out: usize,
) -> Result<(), Error> {
    let [n, c_in, h, w] = shape;
    let tiles = n * c_in.div_ceil(QUAD) * c_out.div_ceil(QUAD);
    let strips = strips(tiles, (h * w).div_ceil(QUAD));
    let params = Params {
        strips: strips as u32,
        ..params(shape, c_in, c_out)
    };
    let partial = recording.scratch("conv1x1 partial", strips * n * dweight.len())?;
    recording.flops(flops(&params));
    recording.dispatch(&BACKWARD_WEIGHT, &params, &[&partial, x, dy], strips * tiles);
    partial_sum::record(recording, dweight, &partial);
    Ok(())
}

fn params([n, _, h, w]: [usize; 4], inputs: usize, outputs: usize) -> Params {
    Params {
        images: n as u32,
        inputs: inputs as u32,
        outputs: outputs as u32,
        size: (h * w) as u32,
        ..Params::default()
    }
}

/// A multiplication and an addition for each weight at each pixel, in all three directions.
fn flops(params: &Params) -> usize {
    let extents = [params.images, params.inputs, params.outputs, params.size];
    2 * extents.map(|extent| extent as usize).iter().product::<usize>()
}

fn convolve(
    recording: &mut Recording,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    params: Params,
) -> Result<(), Error> {
    let Params {
        images,
        inputs,
        outputs,
        size,
        ..
    } = params;
    let [images, inputs, outputs, size] = [images, inputs, outputs, size].map(|extent| extent as usize);
    let vectors = outputs.div_ceil(QUAD) * inputs;
    let packed = recording.scratch("conv1x1 packed weights", QUAD * vectors)?;
    recording.dispatch(&PACK, &params, &[&packed, weight], vectors);
    // Without a bias something has to stand at its binding.
    let tensors = [y, x, &packed, bias.unwrap_or(weight)];
    let invocations = size.div_ceil(RUN) * outputs.div_ceil(QUAD) * images;
    recording.flops(flops(&params));
    recording.dispatch(&FORWARD, &params, &tensors, invocations);
    Ok(())
}
