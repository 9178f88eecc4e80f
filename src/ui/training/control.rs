//! From a click to the runner, and from the runner to the signals.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_channel::mpsc::unbounded;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::benchmark::{Benchmark, Measured, Stage};
use super::files;
use super::making::make;
use super::pace::Pace;
use super::plan::{Plan, Processor};
use super::recovery;
use super::runner::{Report, Runner};
use super::settings::Settings;
use super::state::{Phase, Training};
use super::volume::VolumeState;
use crate::lab::History;
use crate::train::{Command, Event, Snapshot};
use crate::ui::device::Device;
use crate::ui::{State, browser};

/// Results under way at once: two keep a GPU busy; more would only delay a pause.
const GPU_LEAD: usize = 2;
/// A processor can only work on one thing.
const CPU_LEAD: usize = 1;

impl Training {
    /// The one way to run or to step: with a session if there is one, else with a new one.
    pub fn ask(self, state: State, command: Command) {
        if self.has_session() {
            self.send(command);
        } else {
            self.open(state, Some(command));
        }
    }

    /// Back to the initial weights; to those of a new session if the settings have changed.
    pub fn reset(self, state: State) {
        if self.has_session() && !untrack(|| self.is_outdated()) {
            self.send(Command::Reset);
        } else {
            self.open(state, None);
        }
    }

    /// Tells the runner, if there is one.
    pub fn send(self, command: Command) {
        self.link.with_value(|link| {
            if let Some(commands) = &link.commands {
                // A runner that has just ended has said why.
                let _ = commands.unbounded_send(command);
            }
        });
    }

    /// Drops the session. What it has measured stays on screen.
    pub fn close(self) {
        self.link.update_value(|link| {
            link.session += 1;
            link.commands = None;
            link.inbox.clear();
        });
        self.volume.update(VolumeState::stop);
        self.benchmark.update(Benchmark::stop);
    }

    /// Forgets the run.
    pub fn clear(self, state: State) {
        self.close();
        self.link.update_value(|link| link.lost = None);
        self.phase.set(Phase::Idle);
        self.made.set(None);
        self.forget(state);
    }

    pub(super) fn has_session(self) -> bool {
        self.link.with_value(|link| link.commands.is_some())
    }

    fn forget(self, state: State) {
        self.link.update_value(|link| link.snapshot = None);
        self.history.set(History::default());
        self.predicted.set(None);
        self.rounding.set(None);
        self.resumed.set(None);
        self.volume.set(VolumeState::default());
        self.pace.update(Pace::restart);
        state.predictions.update(BTreeMap::clear);
        state.pixels.asked.set(None);
    }

    fn open(self, state: State, first: Option<Command>) {
        let Some(plan) = self.plan.get_untracked() else {
            return;
        };
        self.made.set(None);
        self.forget(state);
        self.begin(state, plan, None, first);
    }

    /// Makes a session of a plan, that of a snapshot if there is one, and hands it to a runner.
    pub(super) fn begin(self, state: State, plan: Plan, from: Option<Arc<Snapshot>>, first: Option<Command>) {
        self.close();
        let session = self.link.with_value(|link| link.session);
        self.phase.set(Phase::Preparing);
        spawn_local(async move {
            browser::pause().await;
            let is_current = move || self.link.try_with_value(|link| link.session) == Some(session);
            let mut tell = |done, all| {
                if is_current() {
                    self.phase.set(Phase::Tuning([done, all]));
                }
            };
            let made = make(plan, state, &mut tell).await;
            if self.link.with_value(|link| link.session) != session {
                return;
            }
            let (mut engine, context, made) = match made {
                Ok(made) => made,
                Err(fault) => {
                    self.benchmark.update(Benchmark::stop);
                    return self.phase.set(Phase::Failed(fault));
                }
            };
            let mut tell = |done, all| {
                if is_current() {
                    self.phase.set(Phase::Compiling([done, all]));
                }
            };
            browser::pause().await;
            if let Some(snapshot) = &from
                && let Err(fault) = engine.resume(snapshot)
            {
                return self.phase.set(Phase::Failed(fault.to_string()));
            }
            engine.keep_snapshots();
            engine.prepare(&mut tell).await;
            browser::pause().await;
            if !is_current() {
                return;
            }
            let lead = match made.plan.processor {
                Processor::Gpu => GPU_LEAD,
                Processor::Cpu => CPU_LEAD,
            };
            self.made.set(Some(Arc::new(made)));
            let (sender, receiver) = unbounded();
            self.link.update_value(|link| link.commands = Some(sender));
            self.show_here(state);
            if let Some(first) = first {
                self.send(first);
            }
            let report = move |report| self.note(state, session, report);
            Runner::new(engine, context, receiver, lead, report).run().await;
        });
    }

    /// Keeps a report for the next frame, so that the page is drawn once for all that a frame brings.
    fn note(self, state: State, session: u32, report: Report) {
        let ask = self.link.try_update_value(|link| {
            if link.session != session {
                return false;
            }
            link.inbox.push((browser::now_ms(), report));
            !std::mem::replace(&mut link.frame_asked, true)
        });
        if ask == Some(true) {
            request_animation_frame(move || self.take_in(state));
        }
    }

    fn take_in(self, state: State) {
        let reports = self.link.try_update_value(|link| {
            let end = link.inbox.iter().position(|(_, report)| redraws(report));
            let rest = link.inbox.split_off(end.map_or(link.inbox.len(), |end| end + 1));
            link.frame_asked = !rest.is_empty();
            (std::mem::replace(&mut link.inbox, rest), link.frame_asked)
        });
        let Some((reports, more)) = reports else {
            return;
        };
        if more {
            request_animation_frame(move || self.take_in(state));
        }
        let mut events = Vec::new();
        for (now_ms, report) in reports {
            match report {
                Report::Event(event) => events.push((now_ms, event)),
                report => {
                    self.add(state, std::mem::take(&mut events));
                    self.turn(state, report);
                }
            }
        }
        self.add(state, events);
    }

    fn turn(self, state: State, report: Report) {
        match report {
            Report::Event(_) => {}
            Report::Restarted => self.forget(state),
            Report::Running => {
                self.pace.update(Pace::restart);
                self.phase.set(Phase::Running);
            }
            Report::Predicting => {
                self.volume.update(|volume| volume.progress = Some([0, 0]));
                if !matches!(self.phase.get_untracked(), Phase::Running | Phase::Pausing) {
                    self.phase.set(Phase::Predicting);
                }
            }
            Report::MeasuringPeak => self.benchmark.update(|it| it.stage = Some(Stage::Peak)),
            Report::MeasuringStep { peak } => self.benchmark.update(|it| {
                it.stage = Some(Stage::Step);
                it.peak = Some(peak);
            }),
            Report::VolumeCancelled => self.volume.update(VolumeState::stop),
            Report::Pausing => self.phase.set(Phase::Pausing),
            Report::Resting { finished: true } => self.phase.set(Phase::Finished),
            Report::Resting { finished: false } => self.phase.set(Phase::Paused),
            // A session may notice before the page that its device is gone.
            Report::Lost(fault) => self.suspend_or_fail(fault),
            Report::Failed(fault) => {
                self.close();
                self.phase.set(Phase::Failed(fault));
            }
        }
    }

    fn add(self, state: State, events: Vec<(f64, Event)>) {
        let is_step = |event: &Event| matches!(event, Event::Step { .. });
        if events.iter().any(|(_, event)| is_step(event)) {
            self.pace.update(|pace| {
                for (now_ms, _) in events.iter().filter(|(_, event)| is_step(event)) {
                    pace.add(*now_ms);
                }
            });
        }
        let is_measure = |event: &Event| {
            use Event::{Best, Stopped, Validation};
            is_step(event) || matches!(event, Validation { .. } | Best { .. } | Stopped { .. })
        };
        if events.iter().any(|(_, event)| is_measure(event)) {
            self.history
                .update(|history| events.iter().for_each(|(_, event)| history.add(event)));
        }
        let Some(made) = self.made.get_untracked() else {
            return;
        };
        for (_, event) in events {
            match event {
                Event::Shown {
                    step,
                    slice,
                    labels,
                    given,
                } => self.keep_shown(state, &made, step, slice, &labels, given),
                Event::Snapshot(snapshot) => {
                    self.link
                        .update_value(|link| link.snapshot = Some(Arc::new(snapshot)));
                }
                Event::Rounding { rounding, .. } => self.rounding.set(Some(rounding)),
                Event::VolumeProgress { done, slices, .. } => {
                    self.volume
                        .update(|volume| volume.progress = Some([done, slices]));
                }
                Event::Volume { step, labels } => self.keep_volume(state, step, labels),
                Event::Profile { step, profile } => {
                    let measured = profile.map(|profile| Measured::new(step, profile, &made));
                    self.benchmark.update(|it| it.finish(measured));
                }
                Event::Weights { step, arena } => files::save_weights(&made, step, &arena),
                // Nobody here asks for a prediction alone; the history has taken in the rest.
                Event::Prediction { .. }
                | Event::Step { .. }
                | Event::Validation { .. }
                | Event::Best { .. }
                | Event::Stopped { .. } => {}
            }
        }
    }
}

/// Whether whole panels are drawn anew for a report: two of them in one frame would hold up the page.
fn redraws(report: &Report) -> bool {
    use Event::{Shown, Validation, Volume};
    matches!(
        report,
        Report::Event(Validation { .. } | Shown { .. } | Volume { .. })
    )
}

/// Ties the run to the page: a new study ends it, a lost device stops it, the cursor decides what is predicted.
pub fn follow(training: Training, state: State) {
    Effect::new(move || {
        let cohort = state.cohort.get();
        let made = training.made.get_untracked();
        let stays = match (&cohort, &made) {
            // Other classes make another network; all else may change beside a run, which is then called outdated.
            (Some(cohort), Some(made)) => {
                let of = &made.plan.cohort;
                cohort.id == of.id && cohort.table.lookup() == of.table.lookup()
            }
            (_, None) => training.phase.get_untracked() == Phase::Idle,
            (None, Some(_)) => false,
        };
        if !stays {
            training.clear(state);
        }
    });
    Effect::new(move |before: Option<(Option<usize>, usize)>| {
        let subject = state
            .study
            .with(|study| study.as_ref().map(|study| study.subject));
        let here = (subject, state.cursor.get()[2]);
        if before.is_some_and(|(before, _)| before != subject) {
            training.predicted.set(None);
            state.pixels.asked.set(None);
        }
        if before != Some(here) {
            training.show_here(state);
        }
        here
    });
    recovery::follow(training, state);
    Effect::new(move || {
        let Device::Absent(error) = state.device.get() else {
            return;
        };
        let default = Settings::default();
        if training.settings.get_untracked() == default {
            training.settings.set(Settings::small());
        }
        let made = training.made.get_untracked();
        if training.has_session() && made.is_some_and(|made| made.plan.processor == Processor::Gpu) {
            training.close();
            training.phase.set(Phase::Failed(error.to_string()));
        }
    });
}

/// The session that a run would be made of now.
pub fn plan_now(state: State, settings: RwSignal<Settings>) -> Option<Plan> {
    let cohort = state.cohort.get()?;
    let study = state.study.get()?;
    let processor = state.device.with(|device| match device {
        Device::Absent(_) => Processor::Cpu,
        Device::Opening | Device::Ready(_) => Processor::Gpu,
    });
    Some(Plan {
        cohort,
        study,
        settings: settings.get(),
        contour: state.contour.get(),
        loss: state.loss.get(),
        processor,
    })
}
