//! From an opening to a session at work.

use futures_channel::mpsc::unbounded;

use super::crew::recruit;
use super::runner::Runner;
use super::turn::next_turn;
use super::{Caller, Host, Opening, Processor, Reply, Report};
use crate::gpu::Context;
use crate::lab::Cohort;
use crate::lab::cohort::Piece;
use crate::train::{Command, Dataset, Error, Recipe, Session};

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
    /// Takes a piece of a subject; a whole one joins the data set of the next session.
    pub(super) fn take_piece(&self, piece: &Piece) {
        let added = self
            .inner
            .arriving
            .borrow_mut()
            .as_mut()
            .map(|arriving| arriving.add(piece));
        match added {
            Some(Ok(Some(cohort))) => self.add(&cohort),
            // It is said when the session is opened.
            Some(Err(error)) => drop(self.inner.dataset.replace(Some(Err(error.to_string())))),
            Some(Ok(None)) | None => {}
        }
    }

    /// Adds the only subject of a cohort to the data set of the next session.
    fn add(&self, cohort: &Cohort) {
        let mut held = self.inner.dataset.borrow_mut();
        if let Some(Ok(dataset)) = &mut *held
            && let Err(error) = cohort.add(0, dataset)
        {
            *held = Some(Err(error.to_string()));
        }
    }

    /// Ends the session and forgets what was prepared for another.
    pub(super) fn close(&self) {
        self.inner.turn.set(self.inner.turn.get() + 1);
        self.inner.commands.replace(None);
        self.inner.dataset.replace(None);
        self.inner.arriving.replace(None);
    }

    /// Makes a session and works at it until it is not wanted any more.
    pub(super) async fn open(&self, mut opening: Opening, caller: Caller) {
        let first: Option<Command> = opening.first.take();
        let turn = self.inner.turn.get();
        let is_current = || caller.is_wanted() && self.inner.turn.get() == turn;
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
                self.inner.commands.replace(Some(sender));
                caller.reply(opened);
                let report = |report| {
                    if matches!(report, Report::Lost(_)) {
                        // It is gone, though the browser may not have said so yet.
                        self.inner.context.replace(None);
                    }
                    caller.reply(Reply::Report(report));
                };
                Runner::new(session, context, receiver, lead, report)
                    .run(first)
                    .await;
                caller.reply(Reply::Closed);
            }
        }
    }

    /// `None` if another has taken its place meanwhile.
    async fn make(
        &self,
        opening: Opening,
        caller: &Caller,
        is_current: &dyn Fn() -> bool,
    ) -> Result<Option<(Session, Option<Context>, Reply)>, String> {
        let Opening {
            recipe,
            split,
            weights,
            processor,
            kernels,
            workers,
            snapshot,
            first: _,
        } = opening;
        let dataset = self.inner.dataset.take();
        let dataset = dataset.unwrap_or_else(|| Err("There are no data for a run. Start it anew.".into()))?;
        let dataset = dataset.finish(split).map_err(|error| error.to_string())?;
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
        session.keep_snapshots();
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
