//! Adam (Kingma & Ba 2015) and `AdamW` (Loshchilov & Hutter 2019).

use serde::{Deserialize, Serialize};

use super::{Error, in_ranges};
use crate::ops::adam::Params;
use crate::reference::Real;
use crate::reference::adam::AdamStep;

/// The settings of both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Adam {
    pub learning_rate: f64,
    /// How much of the mean gradient is kept.
    pub beta1: f64,
    /// How much of the mean squared gradient is kept.
    pub beta2: f64,
    /// Keeps the division finite.
    pub eps: f64,
    pub weight_decay: f64,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.0,
        }
    }
}

impl Adam {
    /// PyTorch's defaults of `AdamW`.
    #[must_use]
    pub fn decoupled() -> Self {
        Self {
            weight_decay: 0.01,
            ..Self::default()
        }
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        // β of 1 would never learn. A smaller ε than 1e-12 vanishes beside √v in f32.
        in_ranges(&[
            ("the learning rate", self.learning_rate, 1e-9, 1.0),
            ("β1", self.beta1, 0.0, 0.9999),
            ("β2", self.beta2, 0.0, 0.999_999),
            ("ε", self.eps, 1e-12, 1.0),
            ("the weight decay", self.weight_decay, 0.0, 1.0),
        ])
    }

    /// Step `t`, counted from 1. The corrections are worked out in f64: in f32 `1 − β2` alone is off by 1e-5.
    pub(super) fn step<T: Real>(&self, t: u32, learning_rate: f64, decoupled: bool) -> AdamStep<T> {
        let correction = |beta: f64| T::of(1.0 / (1.0 - beta.powf(f64::from(t))));
        let [added, taken] = if decoupled {
            [0.0, learning_rate * self.weight_decay]
        } else {
            [self.weight_decay, 0.0]
        };
        AdamStep {
            learning_rate: T::of(learning_rate),
            rate1: T::of(1.0 - self.beta1),
            rate2: T::of(1.0 - self.beta2),
            correction1: correction(self.beta1),
            correction2: correction(self.beta2),
            eps: T::of(self.eps),
            weight_decay: T::of(added),
            shrink: T::of(taken),
        }
    }

    pub(super) fn params(&self, count: usize, t: u32, learning_rate: f64, decoupled: bool) -> Params {
        let step = self.step::<f32>(t, learning_rate, decoupled);
        Params {
            count: count as u32,
            learning_rate: step.learning_rate,
            rate1: step.rate1,
            rate2: step.rate2,
            correction1: step.correction1,
            correction2: step.correction2,
            eps: step.eps,
            weight_decay: step.weight_decay,
            shrink: step.shrink,
        }
    }
}
