//! What is chosen of how a run goes about learning, as typed: it may be invalid.

use serde::{Deserialize, Serialize};

use super::settings::whole;
use crate::optim::{RateSchedule, Shape};
use crate::train::Regimen;

/// What is switched off keeps its number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    pub shape: Shape,
    pub warmup_steps: f64,
    pub power: f64,
    pub floor: f64,
    pub clips: bool,
    pub clip_norm: f64,
    pub averages: bool,
    pub averaging: f64,
    pub freeze_encoder: bool,
    pub keep_best: bool,
    pub stops: bool,
    pub patience: f64,
}

impl Default for Learning {
    fn default() -> Self {
        let RateSchedule {
            shape, power, floor, ..
        } = RateSchedule::default();
        Self {
            shape,
            warmup_steps: 0.0,
            power,
            floor,
            clips: false,
            clip_norm: 1.0,
            averages: false,
            averaging: 0.99,
            freeze_encoder: false,
            keep_best: false,
            stops: false,
            patience: 5.0,
        }
    }
}

impl Learning {
    /// # Errors
    /// A sentence for the first setting that is no whole number where it has to be one.
    pub fn regimen(&self) -> Result<Regimen, String> {
        let warmup = whole("The number of warm-up steps", self.warmup_steps, 0.0, 100_000.0)?;
        let patience = || whole("The patience", self.patience, 1.0, 1000.0);
        Ok(Regimen {
            rate: RateSchedule {
                shape: self.shape,
                warmup_steps: warmup,
                power: self.power,
                floor: self.floor,
            },
            clip_norm: self.clips.then_some(self.clip_norm),
            averaging: self.averages.then_some(self.averaging),
            freeze_encoder: self.freeze_encoder,
            keep_best: self.keep_best,
            patience: self.stops.then(patience).transpose()?,
        })
    }

    /// What is not as it is by default, in a few words.
    #[must_use]
    pub fn summary(&self) -> String {
        let named = [
            (self.shape == Shape::Poly, "poly rate"),
            (self.shape == Shape::Cosine, "cosine rate"),
            (self.warmup_steps > 0.0, "warm-up"),
            (self.clips, "clipped"),
            (self.averages, "averaged"),
            (self.freeze_encoder, "encoder frozen"),
            (self.keep_best, "best kept"),
            (self.stops, "stops early"),
        ];
        let chosen = named.iter().filter(|(is_chosen, _)| *is_chosen);
        chosen.map(|(_, name)| format!(" · {name}")).collect()
    }
}
