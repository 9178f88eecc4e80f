//! `shaders/shared/sink.wgsl`: where the gradient of an activation goes.

use crate::gpu::Tensor;

/// The gradient of an activation has one writer for each of its readers. The first one writes, the others add to
/// it, and the last one passes the sum through the leaky ReLU that made the activation:
/// `dx = (accumulate ? dx : 0) + new`, then `dx *= x > 0 ? 1 : slope`.
#[derive(Clone, Copy, Debug)]
pub struct Sink<'a> {
    pub dx: &'a Tensor,
    pub accumulate: bool,
    /// The activation that `dx` belongs to, and the slope of its ReLU below 0: not negative, so that the sign of
    /// the activation is that of what it was made of.
    pub through: Option<(&'a Tensor, f32)>,
}

impl<'a> Sink<'a> {
    /// Overwrites `dx`.
    #[must_use]
    pub fn write(dx: &'a Tensor) -> Self {
        Self::new(dx, false)
    }

    /// Adds to `dx`, or overwrites it.
    #[must_use]
    pub fn new(dx: &'a Tensor, accumulate: bool) -> Self {
        Self {
            dx,
            accumulate,
            through: None,
        }
    }

    /// The last writer: passes `dx` through the ReLU that made `x`.
    #[must_use]
    pub fn through(self, x: &'a Tensor, slope: f32) -> Self {
        Self {
            through: Some((x, slope)),
            ..self
        }
    }

    /// What stands at the binding of the activation: something has to.
    pub(super) fn gate(&self, otherwise: &'a Tensor) -> &'a Tensor {
        self.through.map_or(otherwise, |(x, _)| x)
    }

    pub(super) fn slope(&self) -> f32 {
        self.through.map_or(0.0, |(_, slope)| slope)
    }
}
