//! `shaders/net/conv_transpose2x2.wgsl`: kernel 2, stride 2; `weight` is (`C_in`, `C_out`, 2, 2), as in PyTorch.

use super::{partial_sum, strips};
use crate::gpu::{Binding, Error, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        images: u32,
        /// `C_in`.
        inputs: u32,
        /// `C_out`.
        outputs: u32,
        /// Of `x`.
        height: u32,
        width: u32,
        has_bias: u32,
        /// Backward of the input: 0 writes, 1 adds.
        accumulate: u32,
        /// Backward of the weight: shares of an image.
        strips: u32,
    }
}

/// `y` from `x`, weight and bias.
pub static FORWARD: Spec = Spec {
    stem: "net/conv_transpose2x2",
    source: include_str!("../../shaders/net/conv_transpose2x2.wgsl"),
    entry_point: "conv_transpose2x2_forward",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `dx` from `dy` and the weight.
pub static BACKWARD_INPUT: Spec = Spec {
    entry_point: "conv_transpose2x2_backward_input",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

/// Partial sums of `dweight` from `dy` and `x`.
pub static BACKWARD_WEIGHT: Spec = Spec {
    entry_point: "conv_transpose2x2_backward_weight",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..FORWARD
};

pub static SPECS: [&Spec; 3] = [&FORWARD, &BACKWARD_INPUT, &BACKWARD_WEIGHT];

/// Channels of the tile of an invocation.
const TILE: usize = 4;

/// Records `y` (N, `c_out`, 2H, 2W).
pub fn record_forward(
    recording: &mut Recording,
    y: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    shape: [usize; 4],
    c_out: usize,
) {
    let [n, _, h, w] = shape;
    let params = Params {
        has_bias: bias.is_some().into(),
        ..params(shape, c_out)
    };
    // Without a bias something has to stand at its binding.
    let tensors = [y, x, weight, bias.unwrap_or(weight)];
    recording.dispatch(&FORWARD, &params, &tensors, n * c_out.div_ceil(TILE) * h * w);
}

/// Records `dx` (N, `C_in`, H, W) from `dy` (N, `c_out`, 2H, 2W), added to `dx` if `accumulate`.
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
        accumulate: accumulate.into(),
        ..params(shape, c_out)
    };
    let invocations = n * c_in.div_ceil(TILE) * h * w;
    recording.dispatch(&BACKWARD_INPUT, &params, &[dx, dy, weight], invocations);
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
    let tiles = n * c_in * c_out.div_ceil(TILE);
    let strips = strips(tiles, h * w);
    let params = Params {
        strips: strips as u32,
        ..params(shape, c_out)
    };
    let partial = recording.scratch("conv_transpose2x2 partial", strips * n * dweight.len())?;
    recording.dispatch(&BACKWARD_WEIGHT, &params, &[&partial, dy, x], strips * tiles);
    partial_sum::record(recording, dweight, &partial);
    Ok(())
}

fn params([n, c_in, h, w]: [usize; 4], c_out: usize) -> Params {
    Params {
        images: n as u32,
        inputs: c_in as u32,
        outputs: c_out as u32,
        height: h as u32,
        width: w as u32,
        ..Params::default()
    }
}
