//! `shaders/net/channel_sum.wgsl`: the gradient of a bias.

use super::{partial_sum, strips};
use crate::gpu::{Binding, Error, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernel is told.
    pub struct Params {
        images: u32,
        channels: u32,
        /// H·W.
        size: u32,
        strips: u32,
    }
}

/// Partial sums from `dy`.
pub static CHANNEL_SUM: Spec = Spec {
    stem: "net/channel_sum",
    source: include_str!("../../shaders/net/channel_sum.wgsl"),
    entry_point: "channel_sum",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Elements of the scratch of [`record`].
#[must_use]
pub fn scratch([n, c, h, w]: [usize; 4]) -> usize {
    strips(n * c, h * w) * n * c
}

/// Records `dbias += Σ dy` over images and pixels; `shape` is that of `dy`.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record(
    recording: &mut Recording,
    dbias: &Tensor,
    dy: &Tensor,
    shape: [usize; 4],
) -> Result<(), Error> {
    let [n, c, h, w] = shape;
    let strips = strips(n * c, h * w);
    let params = Params {
        images: n as u32,
        channels: c as u32,
        size: (h * w) as u32,
        strips: strips as u32,
    };
    let partial = recording.scratch("channel_sum partial", strips * n * c)?;
    recording.dispatch(&CHANNEL_SUM, &params, &[&partial, dy], strips * n * c);
    partial_sum::record(recording, dbias, &partial);
    Ok(())
}
