//! Where a run stands, and what its session was made of.

use super::{Outlook, Plan};
use crate::engine::Processor;
use crate::loss::Facts;
use crate::train::{Placed, SliceOfDataset, SliceOfSubject};

/// Where the run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// There is no session.
    Idle,
    /// Data and network are being made ready.
    Preparing,
    /// The device was lost; the run is taken up on another.
    Recovering,
    /// Kernels compiled, and of how many.
    Compiling([usize; 2]),
    Running,
    /// No steps, but the volume is being predicted.
    Predicting,
    /// Told to pause; the steps under way are finished first.
    Pausing,
    Paused,
    Finished,
    /// Why there is no session any more, and what to do.
    Failed(String),
}

/// What a session was made of.
#[derive(Clone, Debug)]
pub struct Made {
    pub plan: Plan,
    pub outlook: Outlook,
    /// Where the subjects that take part stand among all slices, in the order of [`Cohort::used`](crate::lab::Cohort::used).
    pub placed: Vec<Placed>,
    /// What the training slices say to a loss.
    pub facts: Facts,
}

impl Made {
    /// Where a subject of the cohort stands in the data set; `None` for one that does not take part.
    pub fn placed(&self, subject: usize) -> Option<Placed> {
        let used = self.plan.cohort.used();
        let place = used.iter().position(|used| *used == subject)?;
        self.placed.get(place).copied()
    }

    /// The subject of a slice of the data set, where it stands, and the slice's number in it.
    pub fn locate(&self, slice: SliceOfDataset) -> Option<(usize, Placed, SliceOfSubject)> {
        let find =
            |(place, placed): (usize, &Placed)| Some((place, *placed, placed.slice_of_subject(slice)?));
        let (place, placed, slice) = self.placed.iter().enumerate().find_map(find)?;
        Some((*self.plan.cohort.used().get(place)?, placed, slice))
    }
}

/// Why and from where a run was taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resumed {
    pub after: Break,
    pub step: u64,
}

/// What came between two parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Its device was lost.
    Loss,
    /// The page was opened again.
    Reload,
    /// It went to another engine.
    Move(Processor),
}

/// Which prediction the viewer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predicted {
    pub step: u64,
    pub slice: SliceOfSubject,
}

impl Phase {
    /// Whether nothing is under way for a run.
    pub fn rests(&self) -> bool {
        matches!(self, Self::Idle | Self::Paused | Self::Finished | Self::Failed(_))
    }

    /// Whether a session is on its way.
    pub fn prepares(&self) -> bool {
        matches!(self, Self::Preparing | Self::Recovering | Self::Compiling(_))
    }
}
