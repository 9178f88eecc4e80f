//! A session as it is kept in the browser.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lab::{Cohort, History};
use crate::plan::Settings;
use crate::train::Snapshot;
use crate::{contour, loss};

/// All of a session but its voxels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Number of the cohort that is kept beside it.
    pub cohort: u64,
    pub title: String,
    /// Milliseconds since 1970.
    pub saved_ms: f64,
    pub settings: Settings,
    pub contour: contour::Choice,
    pub loss: loss::Params,
    pub history: History,
    pub snapshot: Snapshot,
    /// Those that the run was made with.
    pub kernels: Option<String>,
    pub subject: usize,
    pub channel: usize,
    pub cursor: [usize; 3],
}

impl Kept {
    /// Steps of the run, and of all that was wanted.
    pub fn steps(&self) -> [u64; 2] {
        [self.snapshot.step, self.snapshot.steps]
    }
}

/// A run that was left, in memory.
#[derive(Debug)]
pub struct Left {
    pub title: String,
    /// `None` if the run had no snapshot to go on from.
    pub kept: Option<(Kept, Arc<Cohort>)>,
}
