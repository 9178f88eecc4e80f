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
        /// In the weight, from one input channel to the next.
        input_stride: u32,
        /// In the weight, from one output channel to the next.
        output_stride: u32,
        has_bias: u32,
        /// 0 writes, 1 adds.
        accumulate: u32,
        /// Backward of the weight: strips of an image.
        strips: u32,
    }
}

/// `y` from `x`, weight and bias; with the strides exchanged, `dx` from `dy`.
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
    ],
    uniform: Params::FIELDS,
};

/// Partial sums of `dweight` from `x` and `dy`.
pub static BACKWARD_WEIGHT: Spec = Spec {
    entry_point: "conv1x1_backward_weight",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

/// Channels, and pixels, of the tile of an invocation.
const TILE: usize = 4;

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
    let [n, c_in, h, w] = shape;
    let params = Params {
        output_stride: c_in as u32,
        input_stride: 1,
        has_bias: bias.is_some().into(),
        ..params(shape, c_in, c_out)
    };
    // Without a bias something has to stand at its binding.
    let tensors = [y, x, weight, bias.unwrap_or(weight)];
    let invocations = (h * w).div_ceil(TILE) * c_out.div_ceil(TILE) * n;
    recording.dispatch(&FORWARD, &params, &tensors, invocations);
}

/// Records `dx` (N, `C_in`, H, W) from `dy` (N, `c_out`, H, W), added to `dx` if `accumulate`.
pub fn record_backward_input(
    recording: &mut Recording,
    dx: &Tensor,
    dy: &Tensor,
    weight: &Tensor,
    shape: [usize; 4],
    c_out: usize,
    accumulate: bool,
) {
    let [n, c_in, h, w] = shape;
    let params = Params {
        output_stride: 1,
        input_stride: c_in as u32,
        accumulate: accumulate.into(),
        ..params(shape, c_out, c_in)
    };
    let invocations = (h * w).div_ceil(TILE) * c_in.div_ceil(TILE) * n;
    recording.dispatch(&FORWARD, &params, &[dx, dy, weight, weight], invocations);
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
    let tiles = n * c_in.div_ceil(TILE) * c_out.div_ceil(TILE);
    let strips = strips(tiles, (h * w).div_ceil(TILE));
    let params = Params {
        strips: strips as u32,
        ..params(shape, c_in, c_out)
    };
    let partial = recording.scratch("conv1x1 partial", strips * n * dweight.len())?;
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
