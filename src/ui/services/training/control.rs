//! From a click to the runner, and from the runner to the signals.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::files;
use super::making::{Obstacle, make};
use crate::engine::Purpose;
use crate::engine::{Kernels, Processor, Reply, Report, Request};
use crate::lab::History;
use crate::page::benchmark::{Benchmark, Measured, Stage};
use crate::page::{Pace, Phase, Plan, Predicted, VolumeState};
use crate::plan::Settings;
use crate::train::{Command, Event, Snapshot};
use crate::ui::ground::browser;
use crate::ui::services::{keeping, variants};
use crate::ui::store::{Compute, State, Training};

impl Training {
    /// The one way to run or to step: with a session if there is one, else with a new one.
    pub fn ask(self, state: State, command: Command) {
        if let Some(plan) = untrack(|| self.moved(state)) {
            self.carry_over(state, plan, command);
        } else if self.has_session() {
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

    /// Tells the session, if there is one.
    pub fn send(self, command: Command) {
        if self.has_session() {
            self.engine
                .with_value(|engine| engine.tell(Request::Tell(Purpose::Train, command)));
        }
    }

    /// Drops the session. What it has measured stays on screen.
    pub fn close(self) {
        self.session.update_value(|session| {
            session.number += 1;
            session.is_open = false;
            session.inbox.clear();
        });
        self.engine
            .with_value(|engine| engine.tell(Request::Close(Purpose::Train)));
        self.volume.update(VolumeState::stop);
        self.benchmark.update(Benchmark::stop);
    }

    /// Forgets the run.
    pub fn clear(self, state: State) {
        self.close();
        self.phase.set(Phase::Idle);
        self.made.set(None);
        self.forget(state);
    }

    pub fn has_session(self) -> bool {
        self.session.with_value(|session| session.is_open)
    }

    fn forget(self, state: State) {
        self.stop_asking();
        self.session.update_value(|session| {
            session.snapshot = None;
            session.losses = 0;
            session.kernels = None;
        });
        self.stranded.set(None);
        self.history.set(History::default());
        self.predicted.set(None);
        self.rounding.set(None);
        self.resumed.set(None);
        self.snapped.set(None);
        self.volume.set(VolumeState::default());
        self.pace.update(Pace::restart);
        state.predictions.update(BTreeMap::clear);
        state.pixels.asked.set(None);
    }

    pub fn open(self, state: State, first: Option<Command>) {
        let Some(plan) = self.plan.get_untracked() else {
            return;
        };
        self.made.set(None);
        self.forget(state);
        self.begin(state, plan, None, first, Phase::Preparing);
    }

    /// Has a session made of a plan, that of a snapshot if there is one; until there is more to say, the run is in `phase`.
    pub fn begin(
        self,
        state: State,
        plan: Plan,
        from: Option<Arc<Snapshot>>,
        first: Option<Command>,
        phase: Phase,
    ) {
        self.close();
        let number = self.session.with_value(|session| session.number);
        self.phase.set(phase);
        let own = self.session.with_value(|session| session.kernels.clone());
        let wanted = variants::wanted(state.compute);
        let kernels = Kernels {
            remembered: own.or(wanted.remembered),
            ..wanted
        };
        spawn_local(async move {
            browser::pause().await;
            let is_current = move || self.session.try_with_value(|session| session.number) == Some(number);
            let tell = move |phase| {
                if is_current() {
                    self.phase.set(phase);
                }
            };
            let engine = state.compute.engine();
            let made = make(
                plan.clone(),
                engine,
                kernels,
                Purpose::Train,
                from,
                first.clone(),
                &is_current,
                &tell,
            )
            .await;
            if !is_current() {
                return;
            }
            let (mut replies, made, kernels) = match made {
                Ok(Some(made)) => made,
                Ok(None) => return,
                Err(Obstacle::Lost(fault)) => return self.take_up(state, plan, first, fault),
                Err(Obstacle::Fault(fault)) => {
                    self.benchmark.update(Benchmark::stop);
                    self.stranded
                        .set(Some(plan).filter(|plan| plan.processor == Processor::Gpu));
                    return self.phase.set(Phase::Failed(fault));
                }
            };
            self.stranded.set(None);
            self.made.set(Some(Arc::new(made)));
            self.session.update_value(|session| {
                session.is_open = true;
                session.kernels = kernels.or(session.kernels.take());
            });
            self.show_here(state.data, state.view);
            while let Some(reply) = replies.next().await {
                match reply {
                    Reply::Report(report) => self.note(state, number, report),
                    // The engine itself has stopped.
                    Reply::Fault(fault) => self.note(state, number, Report::Failed(fault)),
                    Reply::Closed => break,
                    _ => {}
                }
            }
        });
    }

    /// Keeps a report for the next frame, so that the page is drawn once for all that a frame brings.
    fn note(self, state: State, number: u32, report: Report) {
        let ask = self.session.try_update_value(|session| {
            if session.number != number {
                return false;
            }
            session.inbox.push((browser::now_ms(), report));
            !std::mem::replace(&mut session.frame_asked, true)
        });
        if ask == Some(true) {
            request_animation_frame(move || self.take_in(state));
        }
    }

    fn take_in(self, state: State) {
        let reports = self.session.try_update_value(|session| {
            let inbox = &mut session.inbox;
            let end = inbox.iter().position(|(_, report)| redraws(report));
            let rest = inbox.split_off(end.map_or(inbox.len(), |end| end + 1));
            session.frame_asked = !rest.is_empty();
            (std::mem::replace(inbox, rest), session.frame_asked)
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
            Report::Lost(fault) => self.take_up_session(state, fault),
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
            use Event::{Best, Stopped, TrainedOn, Validation};
            is_step(event)
                || matches!(
                    event,
                    Validation { .. } | Best { .. } | Stopped { .. } | TrainedOn { .. }
                )
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
                } => {
                    self.keep_shown(state, &made, trained(step), step, slice, &labels, given);
                    if let Some(slice) = state
                        .pixels
                        .asked
                        .with_untracked(|asked| Some(asked.as_ref()?.slice))
                    {
                        self.predicted.set(Some(Predicted { step, slice }));
                    }
                }
                Event::Snapshot(snapshot) => {
                    let step = snapshot.step;
                    self.session
                        .update_value(|session| session.snapshot = Some(Arc::new(snapshot)));
                    self.snapped.set(Some(step));
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
                Event::Weights { step, arena } => self
                    .history
                    .with_untracked(|history| files::save_weights(&made, history, step, &arena)),
                // Nobody here asks for a prediction alone; the history has taken in the rest.
                Event::Prediction { .. }
                | Event::Step { .. }
                | Event::Validation { .. }
                | Event::Best { .. }
                | Event::Stopped { .. }
                | Event::TrainedOn { .. } => {}
            }
        }
    }
}

/// Which weights those of a run after `step` steps are.
fn trained(step: u64) -> String {
    match step {
        0 => "the weights that the run starts from".into(),
        1 => "the weights after 1 step".into(),
        step => format!("the weights after {step} steps"),
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

/// Ties the run to the page: a new study ends it, the cursor decides what is predicted.
pub fn follow(training: Training, state: State) {
    Effect::new(move || {
        let cohort = state.data.cohort.get();
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
            keeping::leave(state, training);
            training.clear(state);
        }
    });
    Effect::new(move |before: Option<(Option<usize>, usize)>| {
        let subject = state
            .data
            .study
            .with(|study| study.as_ref().map(|study| study.subject));
        let here = (subject, state.view.cursor.get()[2]);
        if before.is_some_and(|(before, _)| before != subject) {
            training.predicted.set(None);
            state.pixels.asked.set(None);
        }
        if before != Some(here) {
            training.show_here(state.data, state.view);
        }
        here
    });
}

/// The session that a run would be made of now; `None` until study and engine are known.
pub fn plan_now(state: State, settings: RwSignal<Settings>) -> Option<Plan> {
    let cohort = state.data.cohort.get()?;
    let study = state.data.study.get()?;
    let processor = processor_now(state.compute)?;
    Some(Plan {
        cohort,
        study,
        settings: settings.get(),
        contour: state.objective.contour.get(),
        loss: state.objective.loss.get(),
        processor,
    })
}

/// Who would compute a run; `None` while that is not known.
pub fn processor_now(compute: Compute) -> Option<Processor> {
    compute.computes.with(|choice| Some(choice.as_ref()?.processor))
}
