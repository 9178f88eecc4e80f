//! What is chosen for a run, as typed: it may be invalid.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Learning;
use crate::bulk;
use crate::net::{Kind, Unet};
use crate::optim::Optimiser;
use crate::train::{Augmentation, Recipe};
use crate::{contour, loss};

/// Image sizes on offer, in pixels along both axes.
pub const SIZES: [usize; 7] = [32, 48, 64, 96, 128, 192, 256];
/// Windows on offer, in pixels along both axes, with their names: each can be halved as often as any network here does.
pub const PATCHES: [(usize, &str); 5] = [(32, "32"), (64, "64"), (96, "96"), (128, "128"), (192, "192")];
/// Shares of a batch that may be drawn by class, with their names.
pub const BY_CLASS: [(f64, &str); 3] = [(0.0, "None"), (0.5, "Half"), (1.0, "All")];
/// Channels of the first level on offer.
pub const WIDTHS: [usize; 4] = [4, 8, 16, 32];
/// Levels on offer.
pub const DEPTHS: [usize; 5] = [2, 3, 4, 5, 6];

/// Seeds above this are no whole numbers in a number field.
const LARGEST_SEED: f64 = 9_007_199_254_740_991.0;

/// Where the weights come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// Drawn from the seed.
    Random,
    /// The file that comes with the page.
    Shipped,
    /// The visitor's own file.
    File {
        name: String,
        #[serde(with = "bulk")]
        bytes: Arc<[u8]>,
    },
}

impl Start {
    /// In words, for a seed.
    #[must_use]
    pub fn said(&self, seed: f64) -> String {
        match self {
            Self::Random => format!("random weights, seed {seed}"),
            Self::Shipped => "shipped weights".into(),
            Self::File { name, .. } => format!("weights from {name}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub kind: Kind,
    /// Pixels along both axes of the slices that the network sees.
    pub size: usize,
    /// See [`Recipe::patch`].
    #[serde(default)]
    pub patch: Option<usize>,
    pub width: usize,
    pub depth: usize,
    pub optimiser: Optimiser,
    pub batch: f64,
    pub steps: f64,
    pub validate_every: f64,
    pub seed: f64,
    pub augmentation: Augmentation,
    /// See [`Recipe::half_activations`].
    pub half_activations: bool,
    pub learning: Learning,
    pub start: Start,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kind: Kind::default(),
            size: 128,
            patch: None,
            width: 16,
            depth: 4,
            optimiser: Optimiser::default(),
            batch: 4.0,
            steps: 300.0,
            validate_every: 20.0,
            seed: 1.0,
            augmentation: Augmentation::default(),
            half_activations: false,
            learning: Learning::default(),
            start: Start::Random,
        }
    }
}

impl Settings {
    #[must_use]
    pub fn network(&self, classes: usize) -> Unet {
        Unet {
            kind: self.kind,
            in_channels: 1,
            classes,
            width: self.width,
            depth: self.depth,
            ..Unet::default()
        }
    }

    /// For images of one channel; a cohort may have more.
    ///
    /// # Errors
    /// A sentence for the first setting that means nothing.
    pub fn recipe(
        &self,
        classes: usize,
        contour: contour::Choice,
        loss: loss::Params,
    ) -> Result<Recipe, String> {
        let recipe = Recipe {
            network: self.network(classes),
            contour,
            loss,
            optimiser: self.optimiser,
            batch: whole("The batch", self.batch, 1.0, 64.0)? as usize,
            steps: whole("The number of steps", self.steps, 1.0, 100_000.0)?,
            validate_every: whole(
                "The number of steps between validations",
                self.validate_every,
                1.0,
                100_000.0,
            )?,
            seed: whole("The seed", self.seed, 0.0, LARGEST_SEED)?,
            augmentation: self.augmentation,
            half_activations: self.half_activations,
            patch: self.patch,
            regimen: self.learning.regimen()?,
        };
        recipe.validate().map_err(|error| error.to_string())?;
        Ok(recipe)
    }

    /// The settings in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        format!(
            "{size} × {size} pixels{patches} · {kind} {width} wide, {depth} deep · {optimiser}, rate {rate} · batch {batch} · {steps} steps{augmented}{learning}{precision} · {start}",
            kind = self.kind.name(),
            size = self.size,
            patches = self
                .patch
                .map_or_else(String::new, |patch| format!(", in patches of {patch}")),
            width = self.width,
            depth = self.depth,
            optimiser = self.optimiser.name(),
            rate = self.optimiser.learning_rate(),
            batch = self.batch,
            steps = self.steps,
            augmented = self.augmentation.summary(),
            precision = if self.half_activations {
                " · 16-bit activations"
            } else {
                ""
            },
            learning = self.learning.summary(),
            start = self.start.said(self.seed),
        )
    }
}

/// The same optimiser with another learning rate.
#[must_use]
pub fn with_learning_rate(mut optimiser: Optimiser, rate: f64) -> Optimiser {
    match &mut optimiser {
        Optimiser::Adam(adam) | Optimiser::AdamW(adam) => adam.learning_rate = rate,
        Optimiser::Sgd(sgd) => sgd.learning_rate = rate,
    }
    optimiser
}

/// The same optimiser with another weight decay.
#[must_use]
pub fn with_weight_decay(mut optimiser: Optimiser, decay: f64) -> Optimiser {
    match &mut optimiser {
        Optimiser::Adam(adam) | Optimiser::AdamW(adam) => adam.weight_decay = decay,
        Optimiser::Sgd(sgd) => sgd.weight_decay = decay,
    }
    optimiser
}

pub(super) fn whole(name: &str, value: f64, low: f64, high: f64) -> Result<u64, String> {
    if value.fract() == 0.0 && (low..=high).contains(&value) {
        Ok(value as u64)
    } else {
        let given = if value.is_nan() {
            "not a number".into()
        } else {
            value.to_string()
        };
        Err(format!(
            "{name} is {given}. Choose a whole number from {low} to {high}."
        ))
    }
}
