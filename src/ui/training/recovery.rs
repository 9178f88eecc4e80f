//! A run outlives its device: it is taken up from its last snapshot on the next one.

use std::sync::Arc;

use leptos::prelude::*;

use super::plan::Plan;
use super::state::{Break, Phase, Resumed, Training};
use crate::lab::History;
use crate::train::{Command, Snapshot};
use crate::ui::State;

/// How often a run is taken up. A device that is lost over and over is lost because of us.
const MOST_LOSSES: u32 = 3;

impl Training {
    /// Takes the session up whose device is gone, as `fault` says.
    pub(super) fn take_up_session(self, state: State, fault: String) {
        let runs = matches!(self.phase.get_untracked(), Phase::Running | Phase::Predicting);
        if let Some(made) = self.made.get_untracked() {
            self.take_up(state, made.plan.clone(), runs.then_some(Command::Run), fault);
        }
    }

    /// Goes on with a plan whose device is gone, from the last snapshot if there is one, with this command `first`.
    pub(super) fn take_up(self, state: State, plan: Plan, first: Option<Command>, fault: String) {
        let kept = self.session.try_update_value(|session| {
            session.losses += 1;
            (session.losses, session.snapshot.clone())
        });
        let Some((losses, snapshot)) = kept else {
            return;
        };
        if losses > MOST_LOSSES {
            self.close();
            let fault = format!(
                "The graphics device was lost {losses} times during this run, so it is not opened for it again. Try a smaller image size or batch. ({fault})"
            );
            return self.phase.set(Phase::Failed(fault));
        }
        let [step, steps] = snapshot
            .as_ref()
            .map_or([0; 2], |snapshot| [snapshot.step, snapshot.steps]);
        // Before the first step the session begins with its first validation, as ever.
        let snapshot: Option<Arc<Snapshot>> = snapshot.filter(|_| step > 0);
        self.history.update(|history| {
            if step > 0 {
                history.back_to(step, steps);
            } else {
                *history = History::default();
            }
        });
        self.resumed.set(Some(Resumed {
            after: Break::Loss,
            step,
        }));
        self.begin(state, plan, snapshot, first, Phase::Recovering);
    }

    /// What the run could be taken up from, once it has taken a step.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.session
            .with_value(|session| session.snapshot.clone())
            .filter(|snapshot| snapshot.step > 0)
    }

    /// Takes a run of an earlier visit up, of the session that could be made now.
    pub fn go_on(self, state: State, history: History, snapshot: Snapshot) {
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
        self.session
            .update_value(|session| session.snapshot = Some(Arc::clone(&snapshot)));
        self.snapped.set(Some(snapshot.step));
        self.begin(state, plan, Some(snapshot), None, Phase::Preparing);
    }
}

/// Says from where the run was taken up.
#[component]
pub fn ResumedLine(training: Training) -> impl IntoView {
    let said = move || {
        let Resumed { after, step } = training.resumed.get()?;
        Some(match after {
            Break::Loss => format!(
                "The graphics device was lost and opened again. The run was taken up after step {step}, at its last validation: the curves go on as if nothing had been."
            ),
            Break::Reload => format!(
                "The run of an earlier visit was taken up after step {step}, at its last validation. Run goes on with it."
            ),
        })
    };
    view! {
        {move || said().map(|text| view! {
            <p class="note" role="status" aria-label="Run taken up">{text}</p>
        })}
    }
}
