//! What happens to an output before it is stored: `shaders/shared/conv3x3.wgsl`.

use super::Params;
use crate::gpu::Tensor;
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
    bias: Option<&'a Tensor>,
    /// The activation whose slope gates a gradient.
    gate: Option<&'a Tensor>,
    slope: f32,
    added: bool,
}

impl<'a> Ending<'a> {
    pub(super) fn of_output(finish: Finish<'a>) -> Self {
        Self {
            bias: finish.bias,
            gate: None,
            slope: finish.slope.unwrap_or(1.0),
            added: false,
        }
    }

    pub(super) fn of_gradient(sink: Sink<'a>) -> Self {
        Self {
            bias: None,
            gate: sink.through.map(|(activation, _)| activation),
            slope: sink.through.map_or(1.0, |(_, slope)| slope),
            added: sink.accumulate,
        }
    }

    /// What stands at the binding of the bias; something has to.
    pub(super) fn bias_or(&self, otherwise: &'a Tensor) -> &'a Tensor {
        self.bias.unwrap_or(otherwise)
    }

    /// What stands at the binding of the activation.
    pub(super) fn gate_or(&self, otherwise: &'a Tensor) -> &'a Tensor {
        self.gate.unwrap_or(otherwise)
    }

    pub(super) fn params(&self, params: Params) -> Params {
        Params {
            has_bias: self.bias.is_some().into(),
            added: self.added.into(),
            gated: self.gate.is_some().into(),
            slope: self.slope,
            ..params
        }
    }
}
