//! What the page knows of its run, as signals.

use std::sync::Arc;

use futures_util::future::AbortHandle;
use leptos::prelude::*;

use super::Planning;
use crate::engine::Report;
use crate::lab::History;
use crate::page::benchmark::Benchmark;
use crate::page::{Made, Outlook, Pace, Phase, Plan, Predicted, Resumed, VolumeState};
use crate::plan::{Measured, Settings};
use crate::train::{Rounding, Snapshot};
use crate::ui::ground::engine::Link;
use crate::ui::store::Asking;

/// The run and its signals; copied freely, provided as context by [`provide`](super::provide).
#[derive(Clone, Copy)]
pub struct Training {
    pub settings: RwSignal<Settings>,
    pub phase: RwSignal<Phase>,
    /// What the session in use, or the last one, was made of.
    pub made: RwSignal<Option<Arc<Made>>>,
    /// What has been measured; grows at most once a frame, and outlives a session that failed.
    pub history: RwSignal<History>,
    pub predicted: RwSignal<Option<Predicted>>,
    /// What 16-bit activations cost on that slice.
    pub rounding: RwSignal<Option<Rounding>>,
    /// From where the run was taken up, if it was.
    pub resumed: RwSignal<Option<Resumed>>,
    /// The plan of a run whose device cannot be had: it can be left for the processor.
    pub stranded: RwSignal<Option<Plan>>,
    /// The step from which it could be taken up.
    pub snapped: RwSignal<Option<u64>>,
    /// The prediction of the whole volume.
    pub volume: RwSignal<VolumeState>,
    pub pace: RwSignal<Pace>,
    /// Runs that were measured, in this visit or earlier ones.
    pub measured: RwSignal<Vec<Measured>>,
    /// What a step of the planned run takes on either engine.
    pub comparison: RwSignal<Comparison>,
    /// Shapes whose fastest kernel has been found in idle time, and all of them, while that is under way.
    pub trials: RwSignal<Option<[usize; 2]>>,
    /// Where the time of a step goes.
    pub benchmark: RwSignal<Benchmark>,
    /// The session that a run would be made of now.
    pub plan: Memo<Option<Plan>>,
    /// What is proposed instead, or was.
    pub planning: Planning,
    /// What can be said of the session, or why it cannot be.
    pub outlook: Memo<Option<Result<Outlook, String>>>,
    /// The network that is asked without being trained.
    pub asking: Asking,
    /// Ends the comparison under way.
    pub comparing: StoredValue<Option<AbortHandle>>,
    pub engine: StoredValue<Link, LocalStorage>,
    pub session: StoredValue<Session>,
}

/// What the page keeps of its session, and what came from it since the last frame.
#[derive(Default)]
pub struct Session {
    /// What the run could be taken up from.
    pub snapshot: Option<Arc<Snapshot>>,
    /// How often its device was lost.
    pub losses: u32,
    /// The kernels that it was made with, as they are remembered: taken up, it has the same digits.
    pub kernels: Option<String>,
    /// It takes commands.
    pub is_open: bool,
    /// Counted up by every session: what an older one reports is void.
    pub number: u32,
    pub inbox: Vec<(f64, Report)>,
    pub frame_asked: bool,
}

impl Training {
    /// The page's training, from anywhere below [`App`](crate::ui::app::App).
    pub fn get() -> Self {
        expect_context()
    }

    /// Steps whose loss has arrived.
    pub fn steps_done(&self) -> u64 {
        self.history
            .with(|history| history.train.last().map_or(0, |(step, _)| step + 1))
    }

    /// Steps after which the run stops by itself.
    pub fn steps_wanted(&self) -> u64 {
        let trained_on = self.history.with(|history| history.trained_on.last().copied());
        trained_on.map_or_else(
            || {
                self.made
                    .with(|made| made.as_ref().map_or(0, |made| made.outlook.recipe.steps))
            },
            |on| on.steps,
        )
    }

    /// Whether the settings, the loss or the contour are no longer those of the session.
    pub fn is_outdated(&self) -> bool {
        self.made.with(|made| {
            made.as_ref()
                .is_some_and(|made| self.plan.with(|plan| plan.as_ref() != Some(&made.plan)))
        })
    }
}

/// How far a comparison is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Comparison {
    #[default]
    None,
    UnderWay,
    /// In words, with what it is of.
    Done(String),
}
