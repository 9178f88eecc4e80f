//! `shaders/net/conv3x3.wgsl`: stride 1, zero padding 1; `weight` is (`C_out`, `C_in`, 3, 3).

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
        height: u32,
        width: u32,
        has_bias: u32,
        /// Forward: 1 ends in a leaky ReLU.
        activate: u32,
        /// Backward of the input: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
        /// Backward of the input: 1 passes `dx` through the leaky ReLU that made `x`.
        through: u32,
        /// Of either ReLU.
        slope: f32,
        /// Pack: 1 for the gradient of the input.
        turned: u32,
        /// Backward of the weight.
        strips: u32,
        /// Backward of the weight: rows in a strip, counted through all images.
        strip_rows: u32,
    }
}

/// Weights, four output channels to a vector.
pub static PACK: Spec = Spec {
    stem: "net/conv3x3",
    source: include_str!("../../shaders/net/conv3x3.wgsl"),
    entry_point: "conv3x3_pack",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
};

/// `y` from `x`, packed weights and the bias; with turned weights, `dx` from `dy` and what it is passed through.
pub static FORWARD: Spec = Spec {
    entry_point: "conv3x3_forward",
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

/// Partial sums of `dweight` from `x` and `dy`.
pub static BACKWARD_WEIGHT: Spec = Spec {
    entry_point: "conv3x3_backward_weight",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..PACK
};

/// Columns and rows of the tile of an invocation.
const TILE: [usize; 2] = [4, 2];

/// What ends a convolution.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish<'a> {
    /// (`C_out`)
    pub bias: Option<&'a Tensor>,
    /// Of the leaky ReLU behind it.
    pub slope: Option<f32>,
}

/// Elements of the scratch of [`record_forward`].
#[must_use]
pub fn forward_scratch([_, c_in, ..]: [usize; 4], c_out: usize) -> Vec<usize> {
    vec![packed(c_in, c_out)]
}

/// Elements of the scratch of [`record_backward_input`].
#[must_use]
pub fn backward_input_scratch([_, c_in, ..]: [usize; 4], c_out: usize) -> Vec<usize> {
    vec![packed(c_out, c_in)]
}

/// Elements of the scratch of [`record_backward_weight`].
#[must_use]
pub fn backward_weight_scratch(shape: [usize; 4], c_out: usize, bias: bool) -> Vec<usize> {
    let [n, c_in, h, w] = shape;
    let [strips, _] = weight_strips(shape, c_out);
    let mut scratch = vec![strips * c_out * c_in * 9];
    if bias {
        scratch.push(channel_sum::scratch([n, c_out, h, w]));
    }
    scratch
}

/// Records `y` (N, `c_out`, H, W) `= x ⋆ weight`, finished.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_forward(
    recording: &mut Recording,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    finish: Finish<'_>,
    shape: [usize; 4],
    c_out: usize,
) -> Result<(), Error> {
    let [_, c_in, ..] = shape;
    let params = Params {
        has_bias: finish.bias.is_some().into(),
        activate: finish.slope.is_some().into(),
        slope: finish.slope.unwrap_or(0.0),
        ..params(shape, c_in, c_out)
    };
    // Where nothing is finished or passed through, something has to stand at the bindings.
    let others = [finish.bias.unwrap_or(weight), weight];
    convolve(recording, y, x, weight, others, params)
}

/// Records `dx` (N, `C_in`, H, W) from `dy` (N, `c_out`, H, W).
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_backward_input(
    recording: &mut Recording,
    sink: Sink<'_>,
    dy: &Tensor,
    weight: &Tensor,
    shape: [usize; 4],
    c_out: usize,
) -> Result<(), Error> {
    let [_, c_in, ..] = shape;
    let params = Params {
        accumulate: sink.accumulate.into(),
        through: sink.through.is_some().into(),
        slope: sink.slope(),
        turned: 1,
        ..params(shape, c_out, c_in)
    };
    let others = [weight, sink.gate(weight)];
    convolve(recording, sink.dx, dy, weight, others, params)
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
    let tiles = c_in * c_out.div_ceil(4);
    let [strips, strip_rows] = weight_strips(shape, c_out);
    let params = Params {
        strips: strips as u32,
        strip_rows: strip_rows as u32,
        ..params(shape, c_in, c_out)
    };
    let partial = recording.scratch("conv3x3 partial", strips * dweight.len())?;
    recording.dispatch(&BACKWARD_WEIGHT, &params, &[&partial, x, dy], strips * tiles);
    partial_sum::record(recording, dweight, &partial);
    if let Some(dbias) = dbias {
        channel_sum::record(recording, dbias, dy, [n, c_out, h, w])?;
    }
    Ok(())
}

/// Strips of the backward pass of the weight, and the rows of each.
fn weight_strips([n, c_in, h, _]: [usize; 4], c_out: usize) -> [usize; 2] {
    let tiles = c_in * c_out.div_ceil(4);
    let rows = (n * h).div_ceil(strips(tiles, n * h));
    [(n * h).div_ceil(rows), rows]
}

/// Elements of packed weights.
fn packed(inputs: usize, outputs: usize) -> usize {
    4 * outputs.div_ceil(4) * inputs * 9
}

fn params([n, _, h, w]: [usize; 4], inputs: usize, outputs: usize) -> Params {
    Params {
        images: n as u32,
        inputs: inputs as u32,
        outputs: outputs as u32,
        height: h as u32,
        width: w as u32,
        ..Params::default()
    }
}

fn convolve(
    recording: &mut Recording,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    [bias, gate]: [&Tensor; 2],
    params: Params,
) -> Result<(), Error> {
    let Params {
        images,
        inputs,
        outputs,
        height,
        width,
        ..
    } = params;
    let [images, inputs, outputs, height, width] =
        [images, inputs, outputs, height, width].map(|extent| extent as usize);
    let len = packed(inputs, outputs);
    let packed = recording.scratch("conv3x3 packed weights", len)?;
    recording.dispatch(&PACK, &params, &[&packed, weight], len / 4);
    let tiles = width.div_ceil(TILE[0]) * height.div_ceil(TILE[1]);
    let tensors = [y, x, &packed, bias, gate];
    recording.dispatch(&FORWARD, &params, &tensors, tiles * outputs.div_ceil(4) * images);
    Ok(())
}
