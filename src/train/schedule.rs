//! What a loss is made of at each step.

use super::{Dataset, Recipe};
use crate::loss::{Facts, Params, Parts};

/// A recipe's loss with what the data say to it.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    params: Params,
    facts: Facts,
    changes: bool,
}

impl Schedule {
    /// Pixels are counted over the training slices.
    pub(super) fn new(recipe: &Recipe, dataset: &Dataset) -> Self {
        let facts = dataset.facts();
        let at = |step| {
            recipe.loss.parts(&Facts {
                step,
                ..facts.clone()
            })
        };
        Self {
            changes: at(0) != at(1),
            params: recipe.loss.clone(),
            facts,
        }
    }

    pub(super) fn parts(&self, step: u64) -> Parts {
        self.params.parts(&Facts {
            step,
            ..self.facts.clone()
        })
    }

    /// The parts at a step, if they are not the same at all steps.
    pub(super) fn changed(&self, step: u64) -> Option<Parts> {
        self.changes.then(|| self.parts(step))
    }
}
