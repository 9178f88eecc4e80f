//! What a step does beside the optimiser's own arithmetic; nothing of it by default.

use serde::{Deserialize, Serialize};

use super::{Error, in_ranges};

/// Clipping, averaging, and what stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Gradients whose norm over all trained parameters is larger are made this long (Pascanu et al. 2013).
    pub clip_norm: Option<f64>,
    /// How much of the averaged weights a step keeps (Polyak & Juditsky 1992, with exponential weights).
    pub averaging: Option<f64>,
    /// Elements at the start of the arena that stay as they are: a multiple of the arena's alignment.
    pub frozen: usize,
}

impl Options {
    /// # Errors
    /// When a setting is outside its range, NaN included.
    pub fn validate(&self) -> Result<(), Error> {
        let clip = self
            .clip_norm
            .map(|norm| ("the largest gradient norm", norm, 1e-6, 1e6));
        // 1 would never move.
        let decay = self
            .averaging
            .map(|decay| ("the decay of the averaged weights", decay, 0.0, 0.99999));
        in_ranges(&clip.into_iter().chain(decay).collect::<Vec<_>>())
    }

    /// By how much the average moves at step `t`, counted from 1. The decay grows from 2/11 to what was chosen, so
    /// that the initial weights are soon forgotten (as in TensorFlow's `ExponentialMovingAverage`).
    #[must_use]
    pub fn averaging_rate(&self, t: u32) -> Option<f64> {
        let grown = (1.0 + f64::from(t)) / (10.0 + f64::from(t));
        self.averaging.map(|decay| 1.0 - decay.min(grown))
    }
}
