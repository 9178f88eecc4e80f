//! A network that is asked about slices without being trained: a session of its own, which leaves the run alone.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::making::{Obstacle, make};
use crate::engine::{Purpose, Reply, Report, Request};
use crate::page::{Plan, VolumeState};
use crate::plan::{Settings, Shipped, Start};
use crate::train::{Command, Event, Part};
use crate::ui::ground::browser;
use crate::ui::services::variants;
use crate::ui::store::{State, Training};

/// The plan of a session that predicts with these weights on the subject on screen, whatever else the run has.
fn plan_of(mut plan: Plan, start: Start) -> Plan {
    let settings = Settings {
        start,
        // It takes no step: as little memory as can be.
        batch: 1.0,
        patch: None,
        ..plan.settings
    };
    plan.settings = match settings.start {
        Start::Shipped => Shipped::nearest(settings.size).take(&settings),
        _ => settings,
    };
    let subject = plan.study.subject;
    if plan.cohort.parts[subject] == Part::Unused {
        Arc::make_mut(&mut plan.cohort).parts[subject] = Part::Validation;
    }
    plan
}

/// Such as "the shipped weights".
fn describe(settings: &Settings) -> String {
    match &settings.start {
        Start::Shipped => "the shipped weights".into(),
        Start::Random => format!("random weights of seed {}", settings.seed),
        Start::File { name, .. } => format!("the weights of {name}"),
    }
}

impl Training {
    /// Asks a network with these weights about the slice on screen.
    pub fn ask_network(self, state: State, start: Start) {
        let Some(plan) = self.plan.get_untracked() else {
            return;
        };
        let plan = plan_of(plan, start);
        let asking = self.asking;
        self.stop_asking();
        let number = asking.number.get_value();
        asking.prepares.set(true);
        asking.fault.set(String::new());
        state.pixels.asked.set(None);
        spawn_local(async move {
            browser::pause().await;
            let outcome = self.converse(state, plan, number).await;
            if asking.is_current(number) {
                self.stop_asking();
                asking.fault.set(outcome.err().unwrap_or_default());
            }
        });
    }

    /// Makes the session and takes in what it predicts, until it ends.
    async fn converse(self, state: State, plan: Plan, number: u32) -> Result<(), String> {
        let asking = self.asking;
        let is_current = || asking.is_current(number);
        let weights = describe(&plan.settings);
        let (engine, kernels) = (state.compute.engine(), variants::wanted(state.compute));
        let made = make(
            plan,
            engine,
            kernels,
            Purpose::Ask,
            None,
            None,
            &is_current,
            &|_| {},
        )
        .await;
        let (mut replies, made) = match made {
            Ok(Some((replies, made, _))) if is_current() => (replies, Arc::new(made)),
            Ok(_) => return Ok(()),
            Err(Obstacle::Lost(fault) | Obstacle::Fault(fault)) => return Err(fault),
        };
        asking.prepares.set(false);
        asking.made.set(Some(Arc::clone(&made)));
        self.show_here(state.data, state.view);
        while let Some(reply) = replies.next().await {
            if !is_current() {
                return Ok(());
            }
            match reply {
                Reply::Report(Report::Event(Event::Shown {
                    step,
                    slice,
                    labels,
                    given,
                })) => self.keep_shown(state, &made, weights.clone(), step, slice, &labels, given),
                Reply::Report(Report::Event(Event::VolumeProgress { done, slices, .. })) => {
                    self.volume
                        .update(|volume| volume.progress = Some([done, slices]));
                }
                Reply::Report(Report::Event(Event::Volume { step, labels })) => {
                    self.keep_volume(state, step, labels);
                }
                Reply::Report(Report::Failed(fault) | Report::Lost(fault)) | Reply::Fault(fault) => {
                    return Err(fault);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Ends the session; what it has predicted stays on screen.
    pub fn stop_asking(self) {
        let asking = self.asking;
        asking.number.update_value(|number| *number += 1);
        asking.prepares.set(false);
        if asking.made.get_untracked().is_some() {
            asking.made.set(None);
            self.volume.update(VolumeState::stop);
        }
        self.engine
            .with_value(|engine| engine.tell(Request::Close(Purpose::Ask)));
    }

    /// Tells the session that predicts: that of the run if there is one, else the one that is asked.
    pub fn tell_predictor(self, command: Command) -> bool {
        let purpose = if self.has_session() {
            Purpose::Train
        } else if self.asking.made.with_untracked(Option::is_some) {
            Purpose::Ask
        } else {
            return false;
        };
        self.engine
            .with_value(|engine| engine.tell(Request::Tell(purpose, command)));
        true
    }
}

/// Ends the session where the network that it asks does not belong to the cohort any more.
pub fn follow(training: Training, state: State) {
    Effect::new(move || {
        let stays = state.data.cohort.with(|cohort| {
            training.asking.made.with_untracked(|made| {
                made.as_ref().is_none_or(|made| {
                    let of = &made.plan.cohort;
                    cohort
                        .as_ref()
                        .is_some_and(|now| now.id == of.id && now.table.lookup() == of.table.lookup())
                })
            })
        });
        if !stays {
            training.stop_asking();
            state.pixels.asked.set(None);
        }
    });
}
