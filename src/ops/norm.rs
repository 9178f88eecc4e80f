//! `shaders/net/norm.wgsl`: group norm; instance norm has as many groups as channels.
//!
//! `statistics` is (N, groups, 2): mean and 1/√(variance + eps). The forward pass writes it, the backward pass
//! reads it.

use super::{Sink, strips};
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
        /// Forward: 1 ends in a leaky ReLU.
        activate: u32,
        /// Backward: 0 writes `dx`, 1 adds to it.
        accumulate: u32,
        /// Backward: 1 passes `dx` through the leaky ReLU that made `x`.
        through: u32,
        /// Of either ReLU.
        slope: f32,
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

/// Means over a group, `dweight` and `dbias` from the shares and the weight.
pub static BACKWARD_SUMS: Spec = Spec {
    entry_point: "norm_backward_sums",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Write,
        Binding::Write,
        Binding::Read,
        Binding::Read,
    ],
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

pub static SPECS: [&Spec; 6] = [
    &PARTIAL,
    &STATISTICS,
    &FORWARD,
    &BACKWARD_PARTIAL,
    &BACKWARD_SUMS,
    &BACKWARD_INPUT,
];

/// Quads that an invocation of an elementwise pass computes; `RUN` of the shader.
const RUN: usize = 8;

/// Elements of a block of the statistics; `BLOCK` of the shader.
const BLOCK: usize = 16;

/// Invocations of an elementwise pass: runs of one channel, or of the whole tensor where a channel's pixels do
/// not divide into quads.
fn elementwise([n, c, h, w]: [usize; 4]) -> usize {
    if (h * w).is_multiple_of(4) {
        n * c * (h * w / 4).div_ceil(RUN)
    } else {
        (n * c * h * w).div_ceil(4).div_ceil(RUN)
    }
}

fn forward_strips([n, c, h, w]: [usize; 4], groups: usize) -> usize {
    strips(n * groups, (c / groups * h * w).div_ceil(BLOCK))
}

fn backward_strips([n, c, h, w]: [usize; 4]) -> usize {
    strips(n * c, (h * w).div_ceil(4))
}

/// Elements of the scratch of [`record_forward`].
#[must_use]
pub fn forward_scratch(shape: [usize; 4], groups: usize) -> [usize; 1] {
    [2 * forward_strips(shape, groups) * shape[0] * groups]
}

/// Elements of the scratch of [`record_backward`].
#[must_use]
pub fn backward_scratch(shape: [usize; 4], groups: usize) -> [usize; 2] {
    let [n, c, ..] = shape;
    [2 * backward_strips(shape) * n * c, 2 * n * groups]
}

/// Records `statistics` and `y = (x − mean) · rstd · weight + bias`, passed through a leaky ReLU if a `slope` is
/// given.
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
    slope: Option<f32>,
) -> Result<(), Error> {
    let n = shape[0];
    let strips = forward_strips(shape, groups);
    let params = Params {
        eps,
        activate: slope.is_some().into(),
        slope: slope.unwrap_or(0.0),
        ..params(shape, groups, strips)
    };
    let [len] = forward_scratch(shape, groups);
    let partial = recording.scratch("norm partial", len)?;
    recording.dispatch(&PARTIAL, &params, &[&partial, x], strips * n * groups);
    recording.dispatch(&STATISTICS, &params, &[statistics, &partial, x], n * groups);
    let tensors = [y, x, statistics, weight, bias];
    recording.dispatch(&FORWARD, &params, &tensors, elementwise(shape));
    Ok(())
}

/// Records `dx`, and what is added to `dweight` and `dbias`. What `dx` is passed through is `x`.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record_backward(
    recording: &mut Recording,
    sink: Sink<'_>,
    dweight: &Tensor,
    dbias: &Tensor,
    x: &Tensor,
    statistics: &Tensor,
    weight: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
    groups: usize,
) -> Result<(), Error> {
    let [n, c, ..] = shape;
    let strips = backward_strips(shape);
    let params = Params {
        accumulate: sink.accumulate.into(),
        through: sink.through.is_some().into(),
        slope: sink.slope(),
        ..params(shape, groups, strips)
    };
    let [shares, means] = backward_scratch(shape, groups);
    let partial = recording.scratch("norm backward partial", shares)?;
    let moments = recording.scratch("norm backward moments", means)?;
    let tensors = [&partial, x, statistics, weight, dy];
    recording.dispatch(&BACKWARD_PARTIAL, &params, &tensors, strips * n * c);
    let tensors = [&moments, dweight, dbias, &partial, weight];
    recording.dispatch(&BACKWARD_SUMS, &params, &tensors, n * groups + c);
    let tensors = [sink.dx, x, statistics, weight, dy, &moments];
    recording.dispatch(&BACKWARD_INPUT, &params, &tensors, elementwise(shape));
    Ok(())
}

fn params([n, c, h, w]: [usize; 4], groups: usize, strips: usize) -> Params {
    Params {
        images: n as u32,
        channels: c as u32,
        groups: groups as u32,
        size: (h * w) as u32,
        strips: strips as u32,
        ..Params::default()
    }
}
