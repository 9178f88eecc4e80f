//! `shaders/net/norm.wgsl`: group norm; instance norm has as many groups as channels.
//!
//! `statistics` is (N, groups, 2): mean and 1/√(variance + eps). The forward pass writes it, the backward pass
//! reads it.

use super::strips;
use crate::gpu::{Binding, Error, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        images: u32,
        channels: u32,
        groups: u32,
        /// H·W.
        size: u32,
        /// Shares of a group (forward) or of a channel (backward).
        strips: u32,
        eps: f32,
        /// Backward: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
    }
}

/// Means and squared deviations of shares of a group.
pub static PARTIAL: Spec = Spec {
    stem: "net/norm",
    source: include_str!("../../shaders/net/norm.wgsl"),
    entry_point: "norm_partial",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// `statistics` from the shares and `x`.
pub static STATISTICS: Spec = Spec {
    entry_point: "norm_statistics",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..PARTIAL
};

/// `y` from `x`, statistics, weight and bias.
pub static FORWARD: Spec = Spec {
    entry_point: "norm_forward",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    ..PARTIAL
};

/// Sums over shares of a channel from `x`, statistics, weight and `dy`.
pub static BACKWARD_PARTIAL: Spec = Spec {
    entry_point: "norm_backward_partial",
    ..FORWARD
};

/// Means over a group from the shares and the weight.
pub static BACKWARD_MOMENTS: Spec = Spec {
    entry_point: "norm_backward_moments",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read, Binding::Read],
    ..PARTIAL
};

/// `dweight` from the shares.
pub static BACKWARD_WEIGHT: Spec = Spec {
    entry_point: "norm_backward_weight",
    ..PARTIAL
};

/// `dbias` from the shares.
pub static BACKWARD_BIAS: Spec = Spec {
    entry_point: "norm_backward_bias",
    ..PARTIAL
};

/// `dx` from `x`, statistics, weight, `dy` and the means over the group.
pub static BACKWARD_INPUT: Spec = Spec {
    entry_point: "norm_backward_input",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    ..PARTIAL
};

pub static SPECS: [&Spec; 8] = [
    &PARTIAL,
    &STATISTICS,
    &FORWARD,
    &BACKWARD_PARTIAL,
    &BACKWARD_MOMENTS,
    &BACKWARD_WEIGHT,
    &BACKWARD_BIAS,
    &BACKWARD_INPUT,
];

/// Quads that an invocation of an elementwise pass computes; `RUN` of the shader.
const RUN: usize = 4;

/// Invocations of an elementwise pass: runs of one channel, or of the whole tensor where a channel's pixels do
/// not divide into quads.
fn elementwise([n, c, h, w]: [usize; 4]) -> usize {
    if (h * w).is_multiple_of(4) {
        n * c * (h * w / 4).div_ceil(RUN)
    } else {
        (n * c * h * w).div_ceil(4).div_ceil(RUN)
    }
}

/// Records `statistics` and `y = (x − mean) · rstd · weight + bias`.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_forward(
    recording: &mut Recording,
    y: &Tensor,
    statistics: &Tensor,
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    shape: [usize; 4],
    groups: usize,
    eps: f32,
) -> Result<(), Error> {
    let [n, c, h, w] = shape;
    let strips = strips(n * groups, (c / groups * h * w).div_ceil(4));
    let params = params(shape, groups, strips, eps, false);
    let partial = recording.scratch("norm partial", 2 * strips * n * groups)?;
    recording.dispatch(&PARTIAL, &params, &[&partial, x], strips * n * groups);
    recording.dispatch(&STATISTICS, &params, &[statistics, &partial, x], n * groups);
    let tensors = [y, x, statistics, weight, bias];
    recording.dispatch(&FORWARD, &params, &tensors, elementwise(shape));
    Ok(())
}

/// Records `dx` (added to if `accumulate`), and what is added to `dweight` and `dbias`.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_backward(
    recording: &mut Recording,
    dx: &Tensor,
    dweight: &Tensor,
    dbias: &Tensor,
    x: &Tensor,
    statistics: &Tensor,
    weight: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    groups: usize,
    accumulate: bool,
) -> Result<(), Error> {
    let [n, c, h, w] = shape;
    let strips = strips(n * c, (h * w).div_ceil(4));
    let params = params(shape, groups, strips, 0.0, accumulate);
    let partial = recording.scratch("norm backward partial", 2 * strips * n * c)?;
    let moments = recording.scratch("norm backward moments", 2 * n * groups)?;
    let tensors = [&partial, x, statistics, weight, dy];
    recording.dispatch(&BACKWARD_PARTIAL, &params, &tensors, strips * n * c);
    recording.dispatch(
        &BACKWARD_MOMENTS,
        &params,
        &[&moments, &partial, weight],
        n * groups,
    );
    recording.dispatch(&BACKWARD_WEIGHT, &params, &[dweight, &partial], c);
    recording.dispatch(&BACKWARD_BIAS, &params, &[dbias, &partial], c);
    let tensors = [dx, x, statistics, weight, dy, &moments];
    recording.dispatch(&BACKWARD_INPUT, &params, &tensors, elementwise(shape));
    Ok(())
}

fn params([n, c, h, w]: [usize; 4], groups: usize, strips: usize, eps: f32, accumulate: bool) -> Params {
    Params {
        images: n as u32,
        channels: c as u32,
        groups: groups as u32,
        size: (h * w) as u32,
        strips: strips as u32,
        eps,
        accumulate: accumulate.into(),
    }
}
