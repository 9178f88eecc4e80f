//! `shaders/net/conv1x1.wgsl`: `weight` is (`C_out`, `C_in`).

use super::{Sink, channel_sum, partial_sum, strips};
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
        /// 1 for the gradient of the input.
        turned: u32,
        /// Backward of the input: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
        /// Backward of the input: 1 passes `dx` through the leaky ReLU that made `x`.
        through: u32,
        /// Of that ReLU.
        slope: f32,
        /// Backward of the weight: shares of an image.
        strips: u32,
    }
}

/// `y` from `x`, the weights and the bias; with turned weights, `dx` from `dy` and what it is passed through.
pub static FORWARD: Spec = Spec {
    stem: "net/conv1x1",
    source: include_str!("../../shaders/net/conv1x1.wgsl"),
    entry_point: "conv1x1_forward",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Partial sums of `dweight` from `x` and `dy`.
pub static BACKWARD_WEIGHT: Spec = Spec {
    entry_point: "conv1x1_backward_weight",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

/// Channels, and pixels, of a quad.
const QUAD: usize = 4;

/// Elements of the scratch of [`record_backward_weight`].
#[must_use]
pub fn backward_weight_scratch(shape: [usize; 4], c_out: usize, bias: bool) -> Vec<usize> {
    let [n, c_in, h, w] = shape;
    let [strips, _] = weight_strips(shape, c_out);
    let mut scratch = vec![strips * n * c_out * c_in];
    if bias {
        scratch.push(channel_sum::scratch([n, c_out, h, w]));
    }
    scratch
}

/// Records `y` (N, `c_out`, H, W) `= weight · x + bias`.
pub fn record_forward(
    recording: &mut Recording,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    shape: [usize; 4],
    c_out: usize,
) {
    let [_, c_in, ..] = shape;
    let params = Params {
        has_bias: bias.is_some().into(),
        ..params(shape, c_in, c_out)
    };
    // Without a bias something has to stand at its binding.
    let tensors = [y, x, weight, bias.unwrap_or(weight), weight];
    recording.flops(flops(&params));
    recording.dispatch(&FORWARD, &params, &tensors, invocations(shape, c_out));
}

/// Records `dx` (N, `C_in`, H, W) from `dy` (N, `c_out`, H, W).
pub fn record_backward_input(
    recording: &mut Recording,
    sink: Sink<'_>,
    dy: &Tensor,
    weight: &Tensor,
    shape: [usize; 4],
    c_out: usize,
) {
    let [_, c_in, ..] = shape;
    let params = Params {
        turned: 1,
        accumulate: sink.accumulate.into(),
        through: sink.through.is_some().into(),
        slope: sink.slope(),
        ..params(shape, c_out, c_in)
    };
    let tensors = [sink.dx, dy, weight, weight, sink.gate(weight)];
    recording.flops(flops(&params));
    recording.dispatch(&FORWARD, &params, &tensors, invocations(shape, c_in));
}

/// Records what is added to `dweight` and `dbias` from `x` and `dy`.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_backward_weight(
    recording: &mut Recording,
    dweight: &Tensor,
    dbias: Option<&Tensor>,
    x: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    c_out: usize,
) -> Result<(), Error> {
    let [n, c_in, h, w] = shape;
    let [strips, tiles] = weight_strips(shape, c_out);
    let params = Params {
        strips: strips as u32,
        ..params(shape, c_in, c_out)
    };
    let partial = recording.scratch("conv1x1 partial", strips * n * dweight.len())?;
    recording.flops(flops(&params));
    recording.dispatch(&BACKWARD_WEIGHT, &params, &[&partial, x, dy], strips * tiles);
    partial_sum::record(recording, dweight, &partial);
    if let Some(dbias) = dbias {
        channel_sum::record(recording, dbias, dy, [n, c_out, h, w])?;
    }
    Ok(())
}

/// Strips of the backward pass of the weight, and its tiles.
fn weight_strips([n, c_in, h, w]: [usize; 4], c_out: usize) -> [usize; 2] {
    let tiles = n * c_in.div_ceil(QUAD) * c_out.div_ceil(QUAD);
    [strips(tiles, (h * w).div_ceil(QUAD)), tiles]
}

/// Invocations that compute `channels` channels.
fn invocations([n, _, h, w]: [usize; 4], channels: usize) -> usize {
    (h * w).div_ceil(QUAD) * channels.div_ceil(QUAD) * n
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
