//! What happens to an output before it is stored: `shaders/shared/finish.wgsl`.

use super::Params;
use crate::gpu::{Constants, Tensor};
use crate::ops::Sink;

/// What follows a convolution in the same dispatch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish<'a> {
    /// (`c_out`)
    pub bias: Option<&'a Tensor>,
    /// Slope of a (leaky) ReLU below 0, from 0 to 1.
    pub slope: Option<f32>,
}

/// As the kernels see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending<'a> {
    /// The bias, or the activation whose slope gates a gradient.
    beside: Option<&'a Tensor>,
    slope: f32,
    pub(super) gated: bool,
    pub(super) added: bool,
}

impl<'a> Ending<'a> {
    pub(super) fn of_output(finish: Finish<'a>) -> Self {
        Self {
            beside: finish.bias,
            slope: finish.slope.unwrap_or(1.0),
            gated: false,
            added: false,
        }
    }

    pub(super) fn of_gradient(sink: Sink<'a>) -> Self {
        Self {
            beside: sink.through.map(|(activation, _)| activation),
            slope: sink.through.map_or(1.0, |(_, slope)| slope),
            gated: sink.through.is_some(),
            added: sink.accumulate,
        }
    }

    /// What stands at the binding of the bias; something has to.
    pub(super) fn beside(&self, otherwise: &'a Tensor) -> &'a Tensor {
        self.beside.unwrap_or(otherwise)
    }

    pub(super) fn params(&self, params: Params) -> Params {
        Params {
            has_bias: (self.beside.is_some() && !self.gated).into(),
            slope: self.slope,
            ..params
        }
    }

    /// Place of the constants among the four of [`endings`].
    pub(super) fn index(&self) -> usize {
        usize::from(self.gated) + 2 * usize::from(self.added)
    }
}

/// The constants of one tile with each ending.
pub(super) type Endings = [Constants; 4];

/// Adds each ending to a tile's constants.
macro_rules! endings {
    ($($name:literal: $value:literal),+) => {
        [
            &[$(($name, $value),)+ ("GATED", 0), ("ADDED", 0)],
            &[$(($name, $value),)+ ("GATED", 1), ("ADDED", 0)],
            &[$(($name, $value),)+ ("GATED", 0), ("ADDED", 1)],
            &[$(($name, $value),)+ ("GATED", 1), ("ADDED", 1)],
        ]
    };
}
pub(super) use endings;
