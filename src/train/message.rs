//! How the page and a session talk: plain data in both directions.

use serde::{Deserialize, Serialize};

use super::{Rounding, SliceOfDataset, Snapshot};
use crate::bulk;
use crate::gpu::Profile;
use crate::loss::{Given, Terms};
use crate::metrics::Overlap;

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Step after step, until the recipe's last one or [`Command::Pause`].
    Run,
    Pause,
    /// One step.
    Step,
    /// So many steps more, of a run that has come to its end.
    TrainOn(u64),
    /// Back to the initial weights and the first batch.
    Reset,
    /// Show this slice now and after every validation.
    Show(SliceOfDataset),
    /// Predict every slice of this subject under the weights as they are; steps wait until that is done.
    PredictVolume(u32),
    /// Forget the volume under way.
    CancelVolume,
    /// Hand over the weights that are validated.
    Weights,
    /// Hand over the weights of the best validation.
    BestWeights,
    /// Say where the time of a step goes, between two steps.
    Profile,
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
    Prediction {
        step: u64,
        slice: SliceOfDataset,
        #[serde(with = "bulk")]
        labels: Vec<u32>,
    },
    /// The slice to show under the weights after `step` steps, with all that its loss depends on.
    Shown {
        step: u64,
        slice: SliceOfDataset,
        /// Predicted classes on the network's grid.
        #[serde(with = "bulk")]
        labels: Vec<u32>,
        given: Given,
    },
    /// What f16 activations cost on the slice to show; after each [`Event::Shown`] of a run that has them.
    Rounding {
        step: u64,
        slice: SliceOfDataset,
        rounding: Rounding,
    },
    /// The run after `step` steps; behind each validation of a session that [keeps
    /// snapshots](super::Session::keep_snapshots).
    Snapshot(Snapshot),
    /// How many slices of the volume have been predicted.
    VolumeProgress { step: u64, done: u32, slices: u32 },
    /// The predicted classes of the whole volume under the weights after `step` steps: (D, H, W) on the source's
    /// own grid.
    Volume {
        step: u64,
        #[serde(with = "bulk")]
        labels: Vec<u8>,
    },
    /// The validation after `step` steps has the highest mean Dice so far.
    Best { step: u64, dice: f64 },
    /// The run ends early: no validation up to that after `step` steps has brought a higher mean Dice for too long.
    Stopped { step: u64 },
    /// The run, at its end after `step` steps, goes on until `steps`, with the learning rate of a run of so many.
    TrainedOn { step: u64, steps: u64 },
    /// The parameter arena after `step` steps, averaged where averaged weights are validated.
    Weights {
        step: u64,
        #[serde(with = "bulk")]
        arena: Vec<f32>,
    },
    /// Where the time of the step after `step` steps goes; `None` on the processor, where nothing is timed.
    Profile { step: u64, profile: Option<Profile> },
}
