//! What is done for a recipe before anybody runs it: compiled, tried, compared. Never while a run is on: the page sees to that.

use super::session::{CPU_LEAD, GPU_LEAD, session_on};
use super::turn::next_turn;
use super::{Caller, Host, Processor, Rehearsal, Reply};
use crate::gpu::{Context, Error};
use crate::net::Tuning;
use crate::train::{Dataset, Recipe};

impl Host {
    /// Compiles what a run of the recipe would wait for; what is compiled stays with the device.
    pub(super) async fn rehearse(&self, rehearsal: Rehearsal, caller: &Caller) {
        let _alone = self.inner.chores.lock().await;
        if caller.is_wanted() {
            let done = self.compile(rehearsal, caller).await;
            caller.reply(done.map_or_else(Reply::Fault, |()| Reply::Prepared));
        }
    }

    async fn compile(&self, rehearsal: Rehearsal, caller: &Caller) -> Result<(), String> {
        let context = self.context(&rehearsal.kernels).await.map_err(said)?;
        // Kernels are the same for any number of images, and one takes the least memory.
        let recipe = Recipe {
            batch: 1,
            ..rehearsal.recipe
        };
        let dataset = Dataset::stand_in(&recipe, &rehearsal.extent);
        next_turn().await;
        let session = session_on(Some(&context), None, recipe, &dataset, None).await;
        let mut session = session.map_err(|error| error.to_string())?;
        let mut tell = |done, all| caller.reply(Reply::Compiling([done, all]));
        session.prepare(&mut tell).await;
        context.fault().map_or(Ok(()), |fault| Err(fault.to_string()))
    }

    /// Tries which variants of the recipe's kernels are the fastest, one at a time, for as long as that is wanted; what has been
    /// tried is kept for the next time. Tells after each how far it is.
    pub(super) async fn try_kernels(&self, rehearsal: Rehearsal, caller: &Caller) {
        let _alone = self.inner.chores.lock().await;
        if caller.is_wanted()
            && let Err(fault) = self.go_on_trying(rehearsal, caller).await
        {
            caller.reply(Reply::Fault(fault));
        }
    }

    async fn go_on_trying(&self, rehearsal: Rehearsal, caller: &Caller) -> Result<(), String> {
        let Rehearsal {
            recipe,
            extent,
            kernels,
            ..
        } = rehearsal;
        let context = self.context(&kernels).await.map_err(said)?;
        let [width, height] = extent.grid;
        let graph = recipe.training_graph(height, width);
        let graph = graph.map_err(|error| error.to_string())?;
        let held = self.inner.tuning.take();
        let mut tuning = held
            .filter(|tuning| tuning.is_of(&context, &graph, recipe.batch))
            .unwrap_or_else(|| Tuning::new(&context, &graph, recipe.batch));
        loop {
            let timed = tuning.time_next().await;
            let timed = timed.map_err(|error| context.fault().unwrap_or(error).to_string())?;
            // What ran beside something else says nothing.
            if let Some(ms) = timed.filter(|_| caller.is_wanted()) {
                tuning.keep(ms);
            }
            let shapes = tuning.progress();
            caller.reply(Reply::Tried {
                shapes,
                kernels: context.choices().to_json(&kernels.adapter),
            });
            if timed.is_none() || !caller.is_wanted() {
                break;
            }
            next_turn().await;
        }
        self.inner.tuning.replace(Some(tuning));
        Ok(())
    }

    /// Times one step of the recipe on either engine.
    pub(super) async fn compare(&self, rehearsal: Rehearsal, caller: &Caller) {
        let _alone = self.inner.chores.lock().await;
        for processor in [Processor::Gpu, Processor::Cpu] {
            if !caller.is_wanted() {
                return;
            }
            let timed = self.time_step(&rehearsal, processor, caller).await;
            caller.reply(timed.map_or_else(Reply::Fault, |ms| Reply::Took { processor, ms }));
        }
    }

    async fn time_step(
        &self,
        rehearsal: &Rehearsal,
        processor: Processor,
        caller: &Caller,
    ) -> Result<f64, String> {
        let context = self.context_for(processor, &rehearsal.kernels).await?;
        let mut recipe = rehearsal.recipe.endless();
        recipe.half_activations &= processor == Processor::Gpu;
        let dataset = Dataset::stand_in(&recipe, &rehearsal.extent);
        let session = session_on(context.as_ref(), rehearsal.workers, recipe, &dataset, None).await;
        let mut session = session.map_err(|error| error.to_string())?;
        let mut tell = |done, all| caller.reply(Reply::Compiling([done, all]));
        session.prepare(&mut tell).await;
        next_turn().await;
        let lead = if context.is_some() { GPU_LEAD } else { CPU_LEAD };
        session.time_step(lead).await.map_err(|error| error.to_string())
    }

    /// The device, where it is the one that computes.
    pub(super) async fn context_for(
        &self,
        processor: Processor,
        kernels: &super::Kernels,
    ) -> Result<Option<Context>, String> {
        match processor {
            Processor::Gpu => self.context(kernels).await.map(Some).map_err(said),
            Processor::Cpu => Ok(None),
        }
    }
}

fn said(error: Error) -> String {
    error.to_string()
}
