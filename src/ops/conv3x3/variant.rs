//! The ways to compute a 3 × 3 convolution, by name, and which of them a shape takes.

use super::finish::Ending;
use super::{Finish, Params, direct, direct_weight, params, tiled, tiled_weight, winograd};
use crate::gpu::{Choices, Error, Recording, Tensor};
use crate::ops::{Sink, partial_sum};

/// The stem under which an adapter's choices for the convolution and the gradient of its input are kept.
pub const STEM: &str = "net/conv3x3";
/// The same for the gradient of the weight.
pub const WEIGHT_STEM: &str = "net/conv3x3_weight";

/// A way to compute the convolution, and by the same kernel the gradient of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Unique among [`VARIANTS`].
    pub name: &'static str,
    kernel: Forward,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Forward {
    /// With the tile of this number.
    Direct(usize),
    Winograd,
    Tiled,
}

/// All of them. The first is taken where nothing has been measured.
pub const VARIANTS: [Variant; 6] = [
    Variant::new("direct_4x4x4", Forward::Direct(1)),
    Variant::new("direct_4x2x4", Forward::Direct(0)),
    Variant::new("direct_4x8x4", Forward::Direct(2)),
    Variant::new("direct_8x8x4", Forward::Direct(3)),
    Variant::new("winograd", Forward::Winograd),
    Variant::new("tiled", Forward::Tiled),
];

/// A way to compute the gradient of the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightVariant {
    /// Unique among [`WEIGHT_VARIANTS`].
    pub name: &'static str,
    kernel: Weight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// With the input channels of this number.
    Direct(usize),
    Tiled,
}

/// All of them. The first is taken where nothing has been measured.
pub const WEIGHT_VARIANTS: [WeightVariant; 4] = [
    WeightVariant::new("direct_2", Weight::Direct(1)),
    WeightVariant::new("direct_1", Weight::Direct(0)),
    WeightVariant::new("direct_4", Weight::Direct(2)),
    WeightVariant::new("tiled", Weight::Tiled),
];

/// The name of a shape: the channels, rows and columns that are read, and the channels that are computed; for the
/// gradient of the weight, those of x and of y. A variant is chosen for all sizes of a batch.
#[must_use]
pub fn key([_, inputs, h, w]: [usize; 4], outputs: usize) -> String {
    format!("{inputs}x{h}x{w}>{outputs}")
}

/// The names of [`VARIANTS`].
pub const NAMES: [&str; 6] = {
    let mut names = [""; 6];
    let mut i = 0;
    while i < names.len() {
        names[i] = VARIANTS[i].name;
        i += 1;
    }
    names
};

/// The names of [`WEIGHT_VARIANTS`].
pub const WEIGHT_NAMES: [&str; 4] = {
    let mut names = [""; 4];
    let mut i = 0;
    while i < names.len() {
        names[i] = WEIGHT_VARIANTS[i].name;
        i += 1;
    }
    names
};

impl Variant {
    const fn new(name: &'static str, kernel: Forward) -> Self {
        Self { name, kernel }
    }

    /// What this adapter takes for a shape.
    #[must_use]
    pub fn chosen(choices: &Choices, shape: [usize; 4], outputs: usize) -> Self {
        let chosen = choices.get(STEM, &key(shape, outputs));
        let named = VARIANTS
            .iter()
            .find(|variant| chosen.as_deref() == Some(variant.name));
        *named.unwrap_or(&VARIANTS[0])
    }

    /// Elements of the scratch that a convolution of `inputs` to `outputs` channels takes: the weights in another form.
    #[must_use]
    pub fn scratch(self, inputs: usize, outputs: usize) -> Vec<usize> {
        match self.kernel {
            Forward::Direct(_) => Vec::new(),
            Forward::Winograd => vec![winograd::scratch(inputs, outputs)],
            Forward::Tiled => vec![tiled::scratch(inputs, outputs)],
        }
    }

    /// Records `y` (N, `c_out`, H, W) `= x ⋆ weight`, with bias and activation as `finish` says.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn record_forward(
        self,
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
            output_stride: 9 * c_in as u32,
            input_stride: 9,
            ..params(shape, c_in, c_out)
        };
        self.record(recording, y, x, weight, Ending::of_output(finish), params)
    }

    /// Records the gradient of x, (N, `C_in`, H, W), from `dy` (N, `c_out`, H, W).
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn record_backward_input(
        self,
        recording: &mut Recording,
        sink: Sink<'_>,
        dy: &Tensor,
        weight: &Tensor,
        shape: [usize; 4],
        c_out: usize,
    ) -> Result<(), Error> {
        let [_, c_in, ..] = shape;
        let params = Params {
            output_stride: 9,
            input_stride: 9 * c_in as u32,
            turned: 1,
            ..params(shape, c_out, c_in)
        };
        self.record(recording, sink.dx, dy, weight, Ending::of_gradient(sink), params)
    }

    fn record(
        self,
        recording: &mut Recording,
        y: &Tensor,
        x: &Tensor,
        weight: &Tensor,
        ending: Ending<'_>,
        params: Params,
    ) -> Result<(), Error> {
        match self.kernel {
            Forward::Direct(tile) => {
                direct::record(recording, tile, y, x, weight, ending, params);
                Ok(())
            }
            Forward::Winograd => winograd::record(recording, y, x, weight, ending, params),
            Forward::Tiled => tiled::record(recording, y, x, weight, ending, params),
        }
    }
}

impl WeightVariant {
    const fn new(name: &'static str, kernel: Weight) -> Self {
        Self { name, kernel }
    }

    /// What this adapter takes for a shape.
    #[must_use]
    pub fn chosen(choices: &Choices, shape: [usize; 4], c_out: usize) -> Self {
        let chosen = choices.get(WEIGHT_STEM, &key(shape, c_out));
        let named = WEIGHT_VARIANTS
            .iter()
            .find(|variant| chosen.as_deref() == Some(variant.name));
        *named.unwrap_or(&WEIGHT_VARIANTS[0])
    }

    /// Elements of the scratch that the gradient takes: the partial sums.
    #[must_use]
    pub fn scratch(self, shape: [usize; 4], c_out: usize, with_bias: bool) -> Vec<usize> {
        let strips = match self.kernel {
            Weight::Direct(variant) => direct_weight::strips_of(variant, shape, c_out),
            Weight::Tiled => tiled_weight::strips_of(shape, c_out),
        };
        let biases = if with_bias { c_out } else { 0 };
        vec![strips * (9 * shape[1] * c_out + biases)]
    }

    /// Records `dweight += ` the gradient from `x` and `dy`, and likewise `dbias`, which stands behind `dweight` in the
    /// same buffer.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn record_backward_weight(
        self,
        recording: &mut Recording,
        dweight: &Tensor,
        dbias: Option<&Tensor>,
        x: &Tensor,
        dy: &Tensor,
        shape: [usize; 4],
        c_out: usize,
    ) -> Result<(), Error> {
        let (weights, biases) = (dweight.len(), dbias.map_or(0, Tensor::len));
        let partial = match self.kernel {
            Weight::Direct(variant) => {
                direct_weight::record(recording, variant, weights, biases, x, dy, shape, c_out)?
            }
            Weight::Tiled => tiled_weight::record(recording, weights, biases, x, dy, shape, c_out)?,
        };
        partial_sum::record_both(recording, dweight, dbias, &partial);
        Ok(())
    }
}
