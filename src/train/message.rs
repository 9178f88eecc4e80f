//! How the page and a session talk: plain data in both directions.

use serde::{Deserialize, Serialize};

use crate::loss::Terms;
use crate::metrics::Overlap;

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Step after step, until the recipe's last one or [`Command::Pause`].
    Run,
    Pause,
    /// One step.
    Step,
    /// Back to the initial weights and the first batch.
    Reset,
    /// Predict this slice now and after every validation.
    Show(u32),
    /// Hand over the weights.
    Weights,
}

/// What the session reports, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The loss of batch number `step` (from 0), before the step changed the weights.
    Step { step: u64, terms: Terms<f64> },
    /// The validation slices under the weights after `step` steps: the mean of the chunks' terms, and each
    /// class's pixels pooled over all slices.
    Validation {
        step: u64,
        terms: Terms<f64>,
        overlaps: Vec<Overlap>,
    },
    /// A slice's predicted classes on the network's grid, under the weights after `step` steps.
    Prediction { step: u64, slice: u32, labels: Vec<u32> },
    /// The parameter arena after `step` steps.
    Weights { step: u64, arena: Vec<f32> },
}
