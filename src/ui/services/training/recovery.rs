//! A run outlives its device: it is taken up from its last snapshot on the next one, or on the processor.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::Processor;
use crate::lab::History;
use crate::page::{Break, Phase, Plan, Resumed};
use crate::train::{Command, Snapshot};
use crate::ui::store::{State, Training};

/// How often a run is taken up. A device that is lost over and over is lost because of us.
const MOST_LOSSES: u32 = 3;

impl Training {
    /// Takes the session up whose device is gone, as `fault` says.
    pub fn take_up_session(self, state: State, fault: String) {
        let runs = matches!(self.phase.get_untracked(), Phase::Running | Phase::Predicting);
        if let Some(made) = self.made.get_untracked() {
            self.take_up(state, made.plan.clone(), runs.then_some(Command::Run), fault);
        }
    }

    /// Goes on with a plan whose device is gone, from the last snapshot if there is one, with this command `first`.
    pub fn take_up(self, state: State, plan: Plan, first: Option<Command>, fault: String) {
        let losses = self.session.try_update_value(|session| {
            session.losses += 1;
            session.losses
        });
        let Some(losses) = losses else {
            return;
        };
        self.stranded.set(Some(plan.clone()));
        if losses > MOST_LOSSES {
            self.close();
            let fault = format!(
                "The graphics device was lost {losses} times during this run, so it is not opened for it again. Try a smaller image size or batch. ({fault})"
            );
            return self.phase.set(Phase::Failed(fault));
        }
        self.rewind(Break::Loss);
        self.begin(state, plan, self.snapshot(), first, Phase::Recovering);
    }

    /// Goes on with the run on the processor, whatever becomes of its device.
    pub fn leave(self, state: State) {
        let Some(plan) = self.stranded.get_untracked() else {
            return;
        };
        state
            .compute
            .wishes
            .update(|wishes| wishes.visitor = Some(Processor::Cpu));
        let processor = Processor::Cpu;
        self.carry_over(state, Plan { processor, ..plan }, Command::Run);
    }

    /// Goes on with the run by another plan, that of another engine.
    pub fn carry_over(self, state: State, plan: Plan, first: Command) {
        let snapshot = self.snapshot();
        self.rewind(Break::Move(plan.processor));
        self.begin(state, plan, snapshot, Some(first), Phase::Preparing);
    }

    /// What the paused run would go on by where the visitor has since chosen another engine, and nothing else.
    pub fn moved(self, state: State) -> Option<Plan> {
        state.compute.wishes.with(|wishes| wishes.visitor)?;
        if self.phase.get() != Phase::Paused {
            return None;
        }
        let made = self.made.get()?;
        let plan = self.plan.get()?;
        let processor = made.plan.processor;
        let same = Plan {
            processor,
            ..plan.clone()
        };
        (plan.processor != processor && same == made.plan).then_some(plan)
    }

    /// The history as it was at the last snapshot, from which the run is taken up.
    fn rewind(self, after: Break) {
        let snapshot = self.snapshot();
        let [step, steps] = snapshot.map_or([0; 2], |snapshot| [snapshot.step, snapshot.steps]);
        self.history.update(|history| {
            if step > 0 {
                history.back_to(step, steps);
            } else {
                *history = History::default();
            }
        });
        self.resumed.set(Some(Resumed { after, step }));
    }

    /// The kernels that the run was made with, as they are remembered.
    pub fn kernels(&self) -> Option<String> {
        self.session.with_value(|session| session.kernels.clone())
    }

    /// What the run could be taken up from, once it has taken a step; before that it begins anew, first validation and all.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.session
            .with_value(|session| session.snapshot.clone())
            .filter(|snapshot| snapshot.step > 0)
    }

    /// Takes a run of an earlier visit up, of the session that could be made now, with the kernels that it had.
    pub fn go_on(self, state: State, history: History, snapshot: Snapshot, kernels: Option<String>) {
        let Some(plan) = self.plan.get_untracked() else {
            return;
        };
        self.clear(state);
        self.history.set(history);
        self.resumed.set(Some(Resumed {
            after: Break::Reload,
            step: snapshot.step,
        }));
        let snapshot = Arc::new(snapshot);
        self.session.update_value(|session| {
            session.snapshot = Some(Arc::clone(&snapshot));
            session.kernels = kernels;
        });
        self.snapped.set(Some(snapshot.step));
        self.begin(state, plan, Some(snapshot), None, Phase::Preparing);
    }
}
