//! Stochastic gradient descent with momentum, as PyTorch writes it: without dampening.

use serde::{Deserialize, Serialize};

use super::{Error, in_ranges};
use crate::ops::sgd::Params;
use crate::reference::Real;
use crate::reference::sgd::SgdStep;

/// Its settings. The defaults are nnU-Net's (Isensee et al. 2021).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sgd {
    pub learning_rate: f64,
    pub momentum: f64,
    /// Nesterov's look-ahead (Sutskever et al. 2013).
    pub nesterov: bool,
    pub weight_decay: f64,
}

impl Default for Sgd {
    fn default() -> Self {
        Self {
            learning_rate: 0.01,
            momentum: 0.99,
            nesterov: true,
            weight_decay: 3e-5,
        }
    }
}

impl Sgd {
    pub(super) fn validate(&self) -> Result<(), Error> {
        in_ranges(&[
            ("the learning rate", self.learning_rate, 1e-9, 10.0),
            ("the momentum", self.momentum, 0.0, 0.9999),
            ("the weight decay", self.weight_decay, 0.0, 1.0),
        ])?;
        if self.nesterov && self.momentum == 0.0 {
            return Err(Error::NothingToLookAhead);
        }
        Ok(())
    }

    pub(super) fn step<T: Real>(&self, learning_rate: f64) -> SgdStep<T> {
        SgdStep {
            learning_rate: T::of(learning_rate),
            momentum: T::of(self.momentum),
            nesterov: self.nesterov,
            weight_decay: T::of(self.weight_decay),
        }
    }

    pub(super) fn params(&self, count: usize, learning_rate: f64) -> Params {
        Params {
            count: count as u32,
            learning_rate: learning_rate as f32,
            momentum: self.momentum as f32,
            weight_decay: self.weight_decay as f32,
            nesterov: self.nesterov.into(),
        }
    }
}
