//! From an opening to a session at work.

use std::sync::Arc;

use futures_channel::mpsc::unbounded;

use super::crew::recruit;
use super::host::Post;
use super::runner::Runner;
use super::turn::next_turn;
use super::{Caller, Host, Opening, Processor, Purpose, Reply, Report};
use crate::gpu::Context;
use crate::lab::Cohort;
use crate::lab::cohort::{self, Assembly, Known, Piece};
use crate::train::{Command, Dataset, Error, Recipe, Session};

const NO_DATA: &str = "The engine does not have the data of this run. Start the run anew.";

/// Results under way at once: two keep a GPU busy; more would only delay a pause.
pub(super) const GPU_LEAD: usize = 2;
/// A processor can only work on one thing.
pub(super) const CPU_LEAD: usize = 1;

/// A session on the graphics device, or on the processor where there is none.
pub(super) async fn session_on(
    context: Option<&Context>,
    workers: Option<usize>,
    recipe: Recipe,
    dataset: &Dataset,
    weights: Option<Vec<f32>>,
) -> Result<Session, Error> {
    match context {
        Some(context) => Session::on_gpu(context, recipe, dataset, weights),
        None => {
            let crew = recruit(workers, &recipe, dataset).await;
            Session::on_processor(recipe, dataset, weights, crew)
        }
    }
}

impl Host {
    /// Takes a cohort whose missing voxels come as pieces.
    pub(super) fn hold_cohort(&self, hollow: Cohort, known: &[Known]) {
        let held = self.inner.cohorts.borrow().get(&hollow.id).map(Arc::clone);
        let arriving = Assembly::over(hollow, known, held.as_deref()).map_err(|error| error.to_string());
        self.inner.arriving.replace(Some(arriving));
        self.take(|arriving| Ok(arriving.whole()));
    }

    pub(super) fn take_piece(&self, piece: &Piece) {
        self.take(|arriving| arriving.add(piece));
    }

    /// Goes on with the cohort that is arriving; a whole one is held.
    fn take(&self, go_on: impl FnOnce(&mut Assembly) -> Result<Option<Cohort>, cohort::Error>) {
        let mut held = self.inner.arriving.borrow_mut();
        let Some(Ok(arriving)) = &mut *held else {
            return;
        };
        match go_on(arriving) {
            Ok(Some(cohort)) => {
                *held = None;
                self.inner
                    .cohorts
                    .borrow_mut()
                    .insert(cohort.id, Arc::new(cohort));
            }
            Ok(None) => {}
            // It is said when the session is opened.
            Err(error) => *held = Some(Err(error.to_string())),
        }
    }

    pub(super) fn post(&self, purpose: Purpose) -> &Post {
        match purpose {
            Purpose::Train => &self.inner.training,
            Purpose::Ask => &self.inner.asking,
        }
    }

    /// Ends the session for this purpose; the turn of the next.
    pub(super) fn close(&self, purpose: Purpose) -> u32 {
        let post = self.post(purpose);
        post.commands.replace(None);
        post.turn.set(post.turn.get() + 1);
        post.turn.get()
    }

    /// Makes a session and works at it until it is not wanted any more.
    pub(super) async fn open(&self, mut opening: Opening, turn: u32, caller: Caller) {
        let first: Option<Command> = opening.first.take();
        let purpose = opening.purpose;
        let is_current = || caller.is_wanted() && self.post(purpose).turn.get() == turn;
        let lead = match opening.processor {
            Processor::Gpu => GPU_LEAD,
            Processor::Cpu => CPU_LEAD,
        };
        match self.make(opening, &caller, &is_current).await {
            Err(fault) if self.is_lost() => caller.reply(Reply::Report(Report::Lost(fault))),
            Err(fault) => caller.reply(Reply::Fault(fault)),
            Ok(None) => caller.reply(Reply::Closed),
            Ok(Some((session, context, opened))) => {
                let (sender, receiver) = unbounded();
                self.post(purpose).commands.replace(Some(sender));
                caller.reply(opened);
                let report = |report| {
                    if matches!(report, Report::Lost(_)) {
                        // It is gone, though the browser may not have said so yet.
                        self.inner.context.replace(None);
                    }
                    caller.reply(Reply::Report(report));
                };
                Runner::new(session, context, receiver, lead, report)
                    .run(first, purpose == Purpose::Train)
                    .await;
                caller.reply(Reply::Closed);
            }
        }
    }

    /// The data set of a cohort that is held, a subject at a time; `None` once it is not wanted any more.
    async fn dataset(
        &self,
        cohort: u64,
        grid: [usize; 2],
        is_current: &dyn Fn() -> bool,
    ) -> Result<Option<Dataset>, String> {
        if let Some(arriving) = self.inner.arriving.take() {
            return Err(arriving.err().unwrap_or_else(|| NO_DATA.into()));
        }
        let held = self.inner.cohorts.borrow().get(&cohort).map(Arc::clone);
        let cohort = held.ok_or(NO_DATA)?;
        let mut dataset = cohort.empty_dataset(grid);
        for subject in cohort.used() {
            cohort
                .add(subject, &mut dataset)
                .map_err(|error| error.to_string())?;
            next_turn().await;
            if !is_current() {
                return Ok(None);
            }
        }
        let dataset = dataset.finish(cohort.split());
        dataset.map(Some).map_err(|error| error.to_string())
    }

    /// `None` if another has taken its place meanwhile.
    async fn make(
        &self,
        opening: Opening,
        caller: &Caller,
        is_current: &dyn Fn() -> bool,
    ) -> Result<Option<(Session, Option<Context>, Reply)>, String> {
        let Opening {
            purpose,
            recipe,
            cohort,
            grid,
            weights,
            processor,
            kernels,
            workers,
            snapshot,
            first: _,
        } = opening;
        let Some(dataset) = self.dataset(cohort, grid, is_current).await? else {
            return Ok(None);
        };
        let context = self.context_for(processor, &kernels).await?;
        next_turn().await;
        if !is_current() {
            return Ok(None);
        }
        let weights = (!weights.is_empty()).then_some(weights);
        let session = session_on(context.as_ref(), workers, recipe, &dataset, weights).await;
        let mut session = session.map_err(|error| error.to_string())?;
        let chosen = |context: &Context| context.choices().to_json(&kernels.adapter);
        let chosen = context.as_ref().map(chosen);
        if let Some(snapshot) = &snapshot {
            session.resume(snapshot).map_err(|error| error.to_string())?;
        }
        if purpose == Purpose::Train {
            session.keep_snapshots();
        }
        let mut tell = |done, all| caller.reply(Reply::Compiling([done, all]));
        session.prepare(&mut tell).await;
        next_turn().await;
        let opened = Reply::Opened {
            placed: dataset.subjects.clone(),
            facts: dataset.facts(),
            kernels: chosen,
        };
        Ok(is_current().then_some((session, context, opened)))
    }
}
