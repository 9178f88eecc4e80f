//! What a workload is.

use serde::Deserialize;

use super::Error;
use crate::contour;
use crate::loss::{self, Facts, Parts};
use crate::net::{Graph, Norm, Unet};
use crate::optim::{Adam, Optimiser};
use crate::train::{Augmentation, Recipe, Regimen};

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A step of [`Session`](crate::train::Session).
    Train,
    /// Images to logits, the whole batch, with their sum.
    Infer,
    /// Labels to contour and weight, and the loss with its gradient from given logits.
    Loss,
    /// The network's 3 × 3 convolutions, forward, each on data of its own.
    Convolve,
}

/// A workload, under the names of `www/bench/workloads.js`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Spec {
    pub kind: Kind,
    #[serde(rename = "N")]
    pub images: usize,
    #[serde(rename = "H")]
    pub height: usize,
    #[serde(rename = "W")]
    pub width: usize,
    /// Channels of an image.
    #[serde(rename = "cin", default)]
    pub channels: usize,
    pub classes: usize,
    /// Channels of each level.
    #[serde(default)]
    pub widths: Vec<usize>,
    /// `instance`, or none.
    #[serde(default)]
    pub norm: Option<String>,
    /// λ_w of the loss.
    #[serde(rename = "contourWeight", default)]
    pub contour_weight: f64,
}

impl Spec {
    /// From a description in JSON.
    ///
    /// # Errors
    /// [`Error::Spec`] when it is not one.
    pub fn read(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|error| Error::Spec(error.to_string()))
    }

    /// Convolutions, the workload's norm, ReLU.
    ///
    /// # Errors
    /// [`Error::Spec`] when no network of ours has these widths or that norm.
    pub fn network(&self) -> Result<Unet, Error> {
        let Some(width) = self.widths.first().copied() else {
            return Err(Error::Spec("the network has no level".into()));
        };
        let doubling = (0..).zip(&self.widths).all(|(level, w)| *w == width << level);
        if !doubling {
            return Err(Error::Spec(format!("{:?} do not double", self.widths)));
        }
        let norm = match self.norm.as_deref() {
            None => Norm::None,
            Some("instance") => Norm::Instance,
            Some(other) => return Err(Error::Spec(format!("there is no norm {other}"))),
        };
        Ok(Unet {
            in_channels: self.channels,
            classes: self.classes,
            width,
            depth: self.widths.len(),
            norm,
            slope: 0.0,
            ..Unet::default()
        })
    }

    /// # Errors
    /// As [`Spec::network`], and when the image cannot be halved often enough.
    pub fn graph(&self) -> Result<Graph, Error> {
        Ok(self.network()?.graph(self.height, self.width)?)
    }

    /// Adam on Dice and cross-entropy, the whole data set in each batch, never validated.
    ///
    /// # Errors
    /// As [`Spec::network`].
    pub fn recipe(&self) -> Result<Recipe, Error> {
        const NEVER: u64 = 100_000;
        Ok(Recipe {
            network: self.network()?,
            contour: contour::Choice::default(),
            loss: dice_cross_entropy("per_class_batch"),
            optimiser: Optimiser::Adam(Adam {
                learning_rate: 1e-3,
                beta1: 0.9,
                beta2: 0.999,
                eps: 1e-7,
                weight_decay: 0.0,
            }),
            augmentation: Augmentation::default(),
            half_activations: false,
            patch: None,
            regimen: Regimen::default(),
            batch: self.images,
            steps: NEVER,
            validate_every: NEVER,
            seed: 1,
        })
    }

    /// `1 − mean Dice + Σ w·ce / Σ w`, with `w = 1 + λ_w` on the contour of any class; a ratio for each class of each image.
    pub(super) fn parts(&self) -> Parts {
        let mut parts = dice_cross_entropy("per_class_item").parts(&Facts::of(self.classes));
        parts.weighting = contour::Weighting::Contour {
            base: 1.0,
            lambda: self.contour_weight,
            classes: !0,
        };
        parts.pixel.by_weight = true;
        parts
    }
}

fn dice_cross_entropy(pool: &str) -> loss::Params {
    loss::Params::new(loss::Kind::DiceCrossEntropy)
        .with("pool", pool)
        .with("background", "without")
        .with("smooth", 1e-5)
}
