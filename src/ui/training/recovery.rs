//! A run outlives its device: it is taken up from its last snapshot on the next one.

use std::sync::Arc;

use leptos::prelude::*;

use super::plan::Processor;
use super::state::{Lost, Phase, Training};
use crate::gpu::Error;
use crate::train::{Command, Snapshot};
use crate::ui::State;
use crate::ui::device::Device;

/// Watches the device for the run.
pub(super) fn follow(training: Training, state: State) {
    Effect::new(move || {
        let device = state.device.get();
        untrack(|| match device {
            Device::Opening => training.suspend(),
            Device::Ready(_) => training.take_up(state),
            Device::Absent(error) => training.give_up(&error),
        });
    });
}

/// How long the page has to notice that a device is gone of which a session says so.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

impl Training {
    /// Lets go of a session whose device is gone.
    pub(super) fn suspend(self) {
        let made = self.made.get_untracked();
        let Some(made) = made.filter(|made| made.plan.processor == Processor::Gpu && self.has_session())
        else {
            return;
        };
        let runs = matches!(self.phase.get_untracked(), Phase::Running | Phase::Predicting);
        self.close();
        self.link
            .update_value(|link| link.lost = Some(Lost { made, runs }));
        self.phase.set(Phase::Recovering);
    }

    /// As [`Training::suspend`]; if the page never finds the device gone, the run has failed of something else.
    pub(super) fn suspend_or_fail(self, fault: String) {
        self.suspend();
        let session = self.link.with_value(|link| link.session);
        let look = move || {
            let waits = self
                .link
                .try_update_value(|link| link.session == session && link.lost.take().is_some());
            if waits == Some(true) {
                self.phase.set(Phase::Failed(fault.clone()));
            }
        };
        set_timeout(look, PATIENCE);
    }

    /// There will be no other device.
    fn give_up(self, error: &Error) {
        let lost = self.link.try_update_value(|link| link.lost.take());
        if let Some(Some(_)) = lost {
            self.phase.set(Phase::Failed(error.to_string()));
        }
    }

    /// Takes the run up that was let go of.
    fn take_up(self, state: State) {
        let lost = self
            .link
            .try_update_value(|link| Some((link.lost.take()?, link.snapshot.clone())));
        let Some(Some((Lost { made, runs }, snapshot))) = lost else {
            return;
        };
        let step = snapshot.as_ref().map_or(0, |snapshot| snapshot.step);
        // Before the first step the session begins with its first validation, as ever.
        let snapshot: Option<Arc<Snapshot>> = snapshot.filter(|_| step > 0);
        self.history.update(|history| {
            if step > 0 {
                history.back_to(step);
            } else {
                *history = crate::lab::History::default();
            }
        });
        self.resumed.set(Some(step));
        self.begin(state, made.plan.clone(), snapshot, runs.then_some(Command::Run));
    }
}

/// Says from where the run was taken up.
#[component]
pub fn ResumedLine(training: Training) -> impl IntoView {
    let said = move || {
        training.resumed.get().map(|step| {
            format!("The graphics device was lost and opened again. The run was taken up after step {step}, at its last validation: the curves go on as if nothing had been.")
        })
    };
    view! {
        {move || said().map(|text| view! {
            <p class="note" role="status" aria-label="Run taken up">{text}</p>
        })}
    }
}
