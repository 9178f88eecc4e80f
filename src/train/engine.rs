//! What a session needs of whoever does the arithmetic.

use std::future::Future;
use std::pin::Pin;

use super::{Error, Pick, Placed, Rounding};
use crate::gpu::Profile;
use crate::loss::{Given, Terms};
use crate::metrics::Overlap;
use crate::net::{Draw, Graph};

/// A network for what a training step sees, and for whole slices.
pub(super) struct Graphs {
    pub training: Graph,
    pub whole: Graph,
}

/// Which run (counted up by every reset) and how many steps into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment {
    pub run: u32,
    pub step: u64,
}

/// What was asked for, when, and what came of it.
pub(super) type Outcome = (Moment, Result<Answer, Error>);

/// Something that takes its time.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// One result of an engine.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// Of the batch, before its step.
    Step(Terms<f64>),
    /// Of one chunk of validation slices; one overlap for each class.
    Validation(Terms<f64>, Vec<Overlap>),
    /// Classes on the grid.
    Prediction {
        slice: u32,
        labels: Vec<u32>,
    },
    /// Classes on the grid, and what the loss is given.
    Shown {
        slice: u32,
        labels: Vec<u32>,
        given: Given,
    },
    Weights(Vec<f32>),
    /// Of everything that a step changes.
    Numbers(Vec<f32>),
    Rounding {
        slice: u32,
        rounding: Rounding,
    },
    /// The weights of the validation that follows.
    Candidate(Vec<f32>),
}

/// The arithmetic of a session: on the GPU, or by the twins. Nothing here waits but what returns a
/// [`Waiting`].
pub(super) trait Engine {
    /// One optimiser step on these slices, or on windows of them, at this learning rate. Step numbers count from 0.
    fn step(&mut self, moment: Moment, picks: &[Pick], rate: f64);
    /// Loss and overlap of [`Engine::chunk`] slices.
    fn validate(&mut self, moment: Moment, slices: &[u32]);
    /// As [`Engine::validate`], of the weights that the run began with instead of those that it has now: `initial` (a
    /// parameter arena) as [`Engine::restart`] was given it. Steps and everything else go on from what they had. The moment
    /// is that of step 0.
    fn validate_initial(&mut self, moment: Moment, slices: &[u32], initial: &[f32]);
    /// Slices that one [`Engine::validate`] takes.
    fn chunk(&self) -> usize;
    /// The classes of one slice.
    fn predict(&mut self, moment: Moment, slice: u32);
    /// The classes of one slice, and what its loss is given; with f16 activations, what they cost, too.
    fn show(&mut self, moment: Moment, slice: u32);
    /// Asks for the arena of the weights that are validated.
    fn read_weights(&mut self, moment: Moment);
    /// As [`Engine::read_weights`], for the validation that follows.
    fn offer_weights(&mut self, moment: Moment);
    /// Readies everything that the first step would have to wait for. `progress` is told how many kernels are
    /// compiled, and of how many.
    fn prepare<'a>(&'a mut self, progress: &'a mut dyn FnMut(usize, usize)) -> Waiting<'a, ()>;
    /// Where the time of a step on these slices, or their first windows, goes; weights and moments are the same before and after. `None`
    /// where nothing is timed.
    fn profile<'a>(&'a mut self, slices: &'a [u32]) -> Waiting<'a, Result<Option<Profile>, Error>>;
    /// Asks for everything that a step changes.
    fn read_all(&mut self, moment: Moment);
    /// Puts back what [`Engine::read_all`] gave after `step` steps.
    ///
    /// # Errors
    /// [`Error::Snapshot`] when it is not as long as what a step changes.
    fn resume(&mut self, numbers: &[f32], step: u64) -> Result<(), Error>;
    /// Overwrites the parameters and forgets the optimiser's moments.
    fn restart(&mut self, arena: &[f32]);
    /// Answers asked for and not yet taken.
    fn in_flight(&self) -> usize;
    /// The next answer that is there already.
    fn try_next(&mut self) -> Option<Outcome>;
    /// The next answer; `None` when nothing was asked for.
    fn next(&mut self) -> Waiting<'_, Option<Outcome>>;
}

/// Draws that know the slices of their subject, among which neighbours are looked for.
pub(super) fn ranged(mut draws: Vec<Draw>, subjects: &[Placed]) -> Vec<Draw> {
    for draw in &mut draws {
        let own = subjects
            .iter()
            .find(|subject| subject.range().contains(&(draw.slice as usize)));
        if let Some(own) = own {
            draw.range = own.ends();
        }
    }
    draws
}

/// Slices as they are.
pub(super) fn plain(slices: &[u32], subjects: &[Placed]) -> Vec<Draw> {
    ranged(slices.iter().map(|slice| Draw::plain(*slice)).collect(), subjects)
}

/// Counts (N, K, 3) of prediction, reference and both, with the images of each class added up.
pub(super) fn pooled(counts: &[u32], classes: usize) -> Vec<Overlap> {
    let mut overlaps = vec![Overlap::default(); classes];
    for (i, count) in counts.chunks_exact(3).enumerate() {
        let [predicted, reference, both] = [count[0], count[1], count[2]].map(u64::from);
        overlaps[i % classes].add(&Overlap {
            predicted,
            reference,
            both,
        });
    }
    overlaps
}
