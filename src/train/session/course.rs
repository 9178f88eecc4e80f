//! The course of a run: its end, which may be put off, and the ways back into it.

use super::Session;
use crate::train::engine::Moment;
use crate::train::passes::Passes;
use crate::train::watch::Watch;
use crate::train::{Batches, Error, Event, MOST_STEPS, Snapshot};

impl Session {
    /// Lets a finished run take so many steps `more`. From here on the learning rate is that of a run of as many steps as
    /// there are now: a constant one stays, one that has fallen rises and falls anew. [`Event::TrainedOn`] tells it.
    /// Nothing happens before the end, or beyond [`MOST_STEPS`].
    pub fn train_on(&mut self, more: u64) {
        let (step, steps) = (self.now.step, self.now.step.saturating_add(more).min(MOST_STEPS));
        if !self.finished() || steps == step {
            return;
        }
        self.until = steps;
        self.watch.go_on();
        self.follows.push_back(Event::TrainedOn { step, steps });
        if self.snapshots {
            // The last one stops here.
            self.engine.read_all(self.now);
        }
    }

    /// From now on, an [`Event::Snapshot`] follows each validation.
    pub fn keep_snapshots(&mut self) {
        self.snapshots = true;
    }

    /// Goes on from a snapshot of a session of the same recipe and data; what is still in flight is dropped.
    ///
    /// # Errors
    /// [`Error::Snapshot`] when it is one of another network or optimiser.
    pub fn resume(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        self.engine.resume(&snapshot.numbers, snapshot.step)?;
        self.begin(snapshot.step, snapshot.watch.clone());
        self.until = snapshot.steps;
        Ok(())
    }

    /// Back to the initial weights and the first batch; what is still in flight is dropped.
    pub fn reset(&mut self) {
        self.engine.restart(&self.initial);
        self.begin(0, Watch::new(self.recipe.regimen));
    }

    /// Another run, of which `step` steps have been taken.
    fn begin(&mut self, step: u64, watch: Watch) {
        self.batches = Batches::of(&self.recipe, &self.train, self.counts.as_deref());
        for _ in 0..step {
            self.batches.next(self.recipe.batch);
        }
        let run = self.now.run + 1;
        self.now = Moment { run, step };
        self.until = self.recipe.steps;
        self.passes = Passes::default();
        self.beginning = None;
        self.volume = None;
        self.watch = watch;
        self.follows.clear();
    }
}
