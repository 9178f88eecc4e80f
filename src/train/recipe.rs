//! Everything that decides a run.

use serde::{Deserialize, Serialize};

use super::{Augmentation, Error, Regimen};
use crate::{contour, loss, net, optim};

/// No run takes more steps.
pub const MOST_STEPS: u64 = 100_000;

/// With the data and the initial weights, a recipe decides every bit of a run on a given adapter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    pub network: net::Unet,
    pub contour: contour::Choice,
    pub loss: loss::Params,
    pub optimiser: optim::Optimiser,
    /// Slices, or windows of slices, in a training batch.
    pub batch: usize,
    /// Steps after which a run stops by itself.
    pub steps: u64,
    /// Steps between two validations.
    pub validate_every: u64,
    /// Decides the initial weights, the order of the batches and what becomes of their slices.
    pub seed: u64,
    #[serde(default)]
    pub augmentation: Augmentation,
    /// Keeps activations as f16 where the run is on an adapter that has it: half the memory, fewer digits.
    #[serde(default)]
    pub half_activations: bool,
    #[serde(default)]
    pub regimen: Regimen,
    /// Training sees windows of slices, of so many pixels along both axes; without it, whole slices. Validation and
    /// prediction see whole slices in any case.
    #[serde(default)]
    pub patch: Option<usize>,
}

impl Recipe {
    /// # Errors
    /// A sentence for the first setting that means nothing.
    pub fn validate(&self) -> Result<(), Error> {
        let ranges = [
            ("The batch", self.batch as f64, 1.0, 64.0),
            ("The number of steps", self.steps as f64, 1.0, MOST_STEPS as f64),
            (
                "The number of steps between validations",
                self.validate_every as f64,
                1.0,
                100_000.0,
            ),
        ];
        for (name, value, low, high) in ranges {
            if !(low..=high).contains(&value) {
                return Err(Error::Range {
                    name,
                    value,
                    low,
                    high,
                });
            }
        }
        if let Some(patch) = self.patch {
            self.network.graph(patch, patch)?;
        }
        self.augmentation.validate()?;
        self.regimen.validate()?;
        self.contour.validate()?;
        self.loss.validate(self.network.classes)?;
        self.optimiser
            .validate()
            .map_err(|error| Error::Optimiser(error.to_string()))?;
        if self.augmentation.moves() {
            may_move(&self.loss, &self.contour)?;
        }
        Ok(())
    }

    /// The network for images of `height` × `width`, with activations of 16 bits and a frozen encoder if they are asked for.
    ///
    /// # Errors
    /// As [`net::Unet::graph`].
    pub fn graph(&self, height: usize, width: usize) -> Result<net::Graph, net::Error> {
        let mut graph = self.network.graph(height, width)?;
        graph.halves = self.half_activations;
        if self.regimen.freeze_encoder {
            graph.freeze_encoder();
        }
        Ok(graph)
    }

    /// Width and height of what a training step sees of slices of `grid` pixels.
    ///
    /// # Errors
    /// [`Error::Patch`].
    pub fn window(&self, grid: [usize; 2]) -> Result<[usize; 2], Error> {
        let [width, height] = grid;
        match self.patch {
            None => Ok(grid),
            Some(patch) if patch <= width.min(height) => Ok([patch; 2]),
            Some(patch) => Err(Error::Patch { patch, width, height }),
        }
    }

    /// The network of a training step, for slices of `height` × `width`: that of [`Recipe::graph`], with the same weights,
    /// for its windows.
    ///
    /// # Errors
    /// As [`net::Unet::graph`], and [`Error::Patch`].
    pub fn training_graph(&self, height: usize, width: usize) -> Result<net::Graph, Error> {
        let [width, height] = self.window([width, height])?;
        Ok(self.graph(height, width)?)
    }

    /// Whole slices of `grid` pixels, out of `validation` of them, that are validated at once: the most that have no more
    /// pixels than a training batch, and divide them evenly, so that all chunks weigh the same.
    ///
    /// # Errors
    /// [`Error::Patch`].
    pub fn chunk(&self, validation: usize, grid: [usize; 2]) -> Result<usize, Error> {
        let [[width, height], [columns, rows]] = [grid, self.window(grid)?];
        let most = self.batch * columns * rows / (width * height).max(1);
        let even = |size: &usize| validation.is_multiple_of(*size);
        Ok((1..=most).rev().find(even).unwrap_or(1))
    }

    /// Of step number `step` (from 0) of a run of so many `steps`: those of the recipe, or more where a run was
    /// [trained on](super::Session::train_on).
    #[must_use]
    pub fn learning_rate(&self, step: u64, steps: u64) -> f64 {
        self.optimiser.learning_rate() * self.regimen.rate.factor(step, steps)
    }
}

/// Whether slices may be moved at random: not where something is worked out of a slice before, or of its neighbours.
///
/// # Errors
/// [`Error::Moved`], [`Error::MovedVolume`].
pub fn may_move(loss: &loss::Params, contour: &contour::Choice) -> Result<(), Error> {
    if matches!(loss.weighting::<f32>(), contour::Weighting::BetweenObjects { .. }) {
        return Err(Error::Moved);
    }
    if contour.frame == contour::Frame::Volume {
        return Err(Error::MovedVolume);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            network: net::Unet::default(),
            contour: contour::Choice::default(),
            loss: loss::Params::default(),
            optimiser: optim::Optimiser::default(),
            batch: 2,
            steps: 3,
            validate_every: 1,
            seed: 0,
            augmentation: Augmentation::default(),
            half_activations: false,
            regimen: Regimen::default(),
            patch: None,
        }
    }

    #[test]
    fn slices_that_move_have_no_neighbours() {
        let mut recipe = recipe();
        recipe.contour.frame = contour::Frame::Volume;
        assert_eq!(recipe.validate(), Ok(()));
        recipe.augmentation.noise = 0.05;
        assert_eq!(recipe.validate(), Ok(()), "noise moves nothing");
        recipe.augmentation.flips = true;
        assert_eq!(recipe.validate(), Err(Error::MovedVolume));
        recipe.contour.frame = contour::Frame::Slice;
        assert_eq!(recipe.validate(), Ok(()));
    }
}
