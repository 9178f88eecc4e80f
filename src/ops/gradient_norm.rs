//! `shaders/optim/gradient_norm.wgsl`: how long all gradients together are, and the factor that shortens them.

use crate::gpu::{Binding, Error, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// Of gradients, padding included.
        quads: u32,
        strips: u32,
        max_norm: f32,
    }
}

/// Sums of squares from the gradients.
pub static SQUARES: Spec = Spec {
    stem: "optim/gradient_norm",
    source: include_str!("../../shaders/optim/gradient_norm.wgsl"),
    entry_point: "gradient_norm_squares",
    bindings: &[Binding::Uniform, Binding::Write, Binding::Read],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Factor and norm from the sums.
pub static FACTOR: Spec = Spec {
    entry_point: "gradient_norm_factor",
    ..SQUARES
};

pub static SPECS: [&Spec; 2] = [&SQUARES, &FACTOR];

/// Factor and norm.
pub const CLIP: usize = 2;

/// Records `clip`: the factor that makes `gradients` no longer than `max_norm`, and their norm. What stands in the
/// padding of an arena has to be zero.
///
/// # Errors
/// [`Error::TooLarge`] past the binding limit.
pub fn record(
    recording: &mut Recording,
    clip: &Tensor,
    gradients: &Tensor,
    max_norm: f32,
) -> Result<(), Error> {
    let quads = gradients.len().div_ceil(4);
    // As many sums as each of them has summands.
    let strips = quads.isqrt().max(1);
    let params = Params {
        quads: quads as u32,
        strips: strips as u32,
        max_norm,
    };
    let squares = recording.scratch("squares of gradients", strips)?;
    recording.dispatch(&SQUARES, &params, &[&squares, gradients], strips);
    recording.dispatch(&FACTOR, &params, &[clip, &squares], 1);
    Ok(())
}
