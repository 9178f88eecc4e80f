//! 3 × 3 convolution, stride 1, zero padding 1; `weight` is (`C_out`, `C_in`, 3, 3).
//!
//! There are several ways to compute it, in `shaders/net/conv3x3.*.wgsl`, all held against the one twin. Which is the
//! fastest depends on the adapter and the shape: see [`VARIANTS`] and [`WEIGHT_VARIANTS`].

mod direct;
pub mod direct_weight;
mod finish;
mod tiled;
pub mod tiled_weight;
mod variant;
mod winograd;

pub use finish::Finish;
pub use variant::{
    NAMES, STEM, VARIANTS, Variant, WEIGHT_NAMES, WEIGHT_STEM, WEIGHT_VARIANTS, WeightVariant, key,
};

use super::Sink;
use crate::gpu::{Choices, Error, Recording, Spec, Tensor, uniform};

uniform! {
    /// What the kernels of [`VARIANTS`] are told.
    pub struct Params {
        images: u32,
        /// Channels that the kernel reads.
        inputs: u32,
        /// Channels that the kernel computes.
        outputs: u32,
        height: u32,
        width: u32,
        /// In weights, from one output channel to the next.
        output_stride: u32,
        /// In weights, from one input channel to the next.
        input_stride: u32,
        /// 1 reads the taps backwards.
        turned: u32,
        has_bias: u32,
        /// 1 adds to what is there.
        added: u32,
        /// 1 passes the output through the leaky ReLU that made another tensor; 0 makes it one.
        gated: u32,
        /// Of that ReLU below 0; 1 is none.
        slope: f32,
    }
}

/// Every entry point of every variant.
#[must_use]
pub fn specs() -> Vec<&'static Spec> {
    let mut specs = direct::specs();
    specs.extend(winograd::specs());
    specs.extend(tiled::specs());
    specs.extend(direct_weight::specs());
    specs.extend(tiled_weight::specs());
    specs
}

/// Elements of the scratch of [`record_forward`].
#[must_use]
pub fn forward_scratch(choices: &Choices, shape: [usize; 4], c_out: usize) -> Vec<usize> {
    Variant::chosen(choices, shape, c_out).scratch(shape[1], c_out)
}

/// Elements of the scratch of [`record_backward_input`].
#[must_use]
pub fn backward_input_scratch(choices: &Choices, [n, c_in, h, w]: [usize; 4], c_out: usize) -> Vec<usize> {
    Variant::chosen(choices, [n, c_out, h, w], c_in).scratch(c_out, c_in)
}

/// Elements of the scratch of [`record_backward_weight`].
#[must_use]
pub fn backward_weight_scratch(
    choices: &Choices,
    shape: [usize; 4],
    c_out: usize,
    with_bias: bool,
) -> Vec<usize> {
    WeightVariant::chosen(choices, shape, c_out).scratch(shape, c_out, with_bias)
}

/// [`Variant::record_forward`] with the variant that this adapter takes for the shape.
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
    let variant = Variant::chosen(recording.context().choices(), shape, c_out);
    variant.record_forward(recording, y, x, weight, finish, shape, c_out)
}

/// [`Variant::record_backward_input`] with the variant that this adapter takes for the shape.
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
    let [n, c_in, h, w] = shape;
    let variant = Variant::chosen(recording.context().choices(), [n, c_out, h, w], c_in);
    variant.record_backward_input(recording, sink, dy, weight, shape, c_out)
}

/// [`WeightVariant::record_backward_weight`] with the variant that this adapter takes for the shape.
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
    let variant = WeightVariant::chosen(recording.context().choices(), shape, c_out);
    variant.record_backward_weight(recording, dweight, dbias, x, dy, shape, c_out)
}

fn params([n, _, h, w]: [usize; 4], inputs: usize, outputs: usize) -> Params {
    Params {
        images: n as u32,
        inputs: inputs as u32,
        outputs: outputs as u32,
        height: h as u32,
        width: w as u32,
        slope: 1.0,
        ..Params::default()
    }
}

impl Params {
    fn flops(&self) -> usize {
        let [n, c_in, h, w] =
            [self.images, self.inputs, self.height, self.width].map(|extent| extent as usize);
        flops([n, c_in, h, w], self.outputs as usize)
    }
}

/// A multiplication and an addition for each weight at each pixel, in all three directions: what the definition takes,
/// also where a variant takes fewer.
fn flops([n, c_in, h, w]: [usize; 4], c_out: usize) -> usize {
    2 * 9 * n * c_in * c_out * h * w
}
