//! How a run goes about learning, beside its optimiser; nothing of it by default.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::optim::{self, RateSchedule};

/// The learning rate over time, limits to a step, which weights are validated, and when a run ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Regimen {
    pub rate: RateSchedule,
    /// Gradients whose norm is larger are made this long.
    pub clip_norm: Option<f64>,
    /// Validate and predict with averaged weights, of which a step keeps this share.
    pub averaging: Option<f64>,
    /// The encoder's weights stay as they are.
    pub freeze_encoder: bool,
    /// Keep the weights of the validation with the highest mean Dice.
    pub keep_best: bool,
    /// Stop once this many validations in a row have brought no higher mean Dice.
    pub patience: Option<u64>,
}

impl Regimen {
    /// # Errors
    /// A sentence for the first setting that means nothing.
    pub fn validate(&self) -> Result<(), Error> {
        let refuse = |error: optim::Error| Error::Optimiser(error.to_string());
        self.rate.validate().map_err(refuse)?;
        self.options(0).validate().map_err(refuse)?;
        match self.patience {
            Some(patience) if !(1..=1000).contains(&patience) => Err(Error::Range {
                name: "The patience",
                value: patience as f64,
                low: 1.0,
                high: 1000.0,
            }),
            _ => Ok(()),
        }
    }

    /// What the optimiser is told; `frozen` elements at the start of the arena stay as they are.
    #[must_use]
    pub fn options(&self, frozen: usize) -> optim::Options {
        optim::Options {
            clip_norm: self.clip_norm,
            averaging: self.averaging,
            frozen,
        }
    }
}
