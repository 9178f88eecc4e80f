//! `shaders/loss/worst_pixels.wgsl`: the pixels of each image whose values are largest.

use crate::gpu::{Binding, Error, Recording, Spec, Tensor, Uniform, Uniforms, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        /// N.
        samples: u32,
        /// H·W.
        pixels: u32,
        /// Pixels kept of 1000 that count, 1 to 1000: a whole number, so that every executor keeps the same number.
        per_mille: u32,
        /// Of the digit that is looked for: 24 first.
        shift: u32,
    }
}

const fn spec(entry_point: &'static str) -> Spec {
    Spec {
        stem: "loss/worst_pixels",
        source: include_str!("../../shaders/loss/worst_pixels.wgsl"),
        entry_point,
        bindings: &[
            Binding::Uniform,
            Binding::Write,
            Binding::Write,
            Binding::Write,
            Binding::Read,
        ],
        uniform: Params::FIELDS,
        constants: &[],
    }
}

static COUNT: Spec = spec("worst_count");
static CHOOSE: Spec = spec("worst_choose");
static WEIGHT: Spec = spec("worst_weight");
/// `weight` from `values`, in this order.
pub static SPECS: [&Spec; 3] = [&COUNT, &CHOOSE, &WEIGHT];

/// A digit has eight bits.
const DIGITS: usize = 256;

/// Records `weight` (N, H, W) of `values` (N, H, W, 2): 1 for the pixels that are kept, 0 for the others, and the same
/// fraction for all that have the least value kept. The second of the values is 1 where a pixel counts, else 0. Returned is
/// what says how many are kept.
///
/// # Errors
/// [`Error::TooLarge`] when a scratch tensor does not fit a binding.
pub fn record(
    recording: &mut Recording,
    weight: &Tensor,
    values: &Tensor,
    params: Params,
) -> Result<Uniforms, Error> {
    let samples = params.samples as usize;
    let histogram = recording.scratch("digits of the values", DIGITS * samples)?;
    let found = recording.scratch("least value kept", 4 * samples)?;
    let tensors = [weight, &histogram, &found, values];
    recording.clear(&histogram);
    recording.dispatch(&COUNT, &params, &tensors, weight.len());
    let first = recording.dispatch(&CHOOSE, &params, &tensors, samples);
    for shift in [16, 8, 0] {
        let params = Params { shift, ..params };
        recording.dispatch(&COUNT, &params, &tensors, weight.len());
        recording.dispatch(&CHOOSE, &params, &tensors, samples);
    }
    recording.dispatch(&WEIGHT, &params, &tensors, weight.len());
    Ok(first)
}
