//! Run, pause, step, reset, and how far it is.

use leptos::prelude::*;

use super::precision::RoundingLine;
use super::recovery::{LeaveButton, ResumedLine};
use super::train_on::{TrainOn, TrainedOnLine};
use crate::lab::History;
use crate::page::Phase;
use crate::plan::duration;
use crate::train::Command;
use crate::ui::parts::Action;
use crate::ui::store::{Compute, State, Training};

#[component]
pub fn RunControls(training: Training, state: State) -> impl IntoView {
    let phase = training.phase;
    let runs = Memo::new(move |_| matches!(phase.get(), Phase::Running | Phase::Pausing));
    let block = Memo::new(move |_| block(training, state.compute));
    let over = Memo::new(move |_| phase.get() == Phase::Finished);
    let stuck = Memo::new(move |_| block.get().is_some());
    let toggle = move || {
        let command = if runs.get_untracked() {
            Command::Pause
        } else {
            Command::Run
        };
        training.ask(state, command);
    };
    let waits = move || {
        matches!(
            phase.get(),
            Phase::Preparing | Phase::Recovering | Phase::Compiling(_) | Phase::Pausing
        )
    };
    let resettable = move || {
        training.outlook.with(|outlook| matches!(outlook, Some(Ok(_))))
            && match phase.get() {
                Phase::Idle | Phase::Preparing | Phase::Recovering | Phase::Compiling(_) => false,
                Phase::Failed(_) => true,
                _ => training.made.with(Option::is_some),
            }
    };
    let name = move || if runs.get() { "Pause" } else { "Run" };
    let fresh = Memo::new(move |_| training.steps_done() == 0);
    let state_said = move || match phase.get() {
        Phase::Running if fresh.get() => "Running: first step".into(),
        phase => said(&phase),
    };
    view! {
        <div class="run">
            <div class="run__buttons">
                <Action
                    class="button--primary run__toggle" attr:aria-describedby="run-reason"
                    off=Signal::derive(move || waits() || (stuck.get() && !runs.get())) act=toggle
                >
                    <span class="run__sign" class:run__sign--pause=runs aria-hidden="true"></span>
                    {name}
                </Action>
                <Action
                    attr:aria-describedby="run-reason" off=Signal::derive(move || waits() || runs.get() || stuck.get())
                    act=move || training.ask(state, Command::Step)
                >"Step"</Action>
                <Action
                    attr:aria-describedby="run-reset" off=Signal::derive(move || !resettable())
                    act=move || training.reset(state)
                >"Reset"</Action>
                <p class="run__state" role="status" aria-label="Training state">{state_said}</p>
            </div>
            <Progress training/>
            <RoundingLine training/>
            <ResumedLine training/>
            <TrainedOnLine training/>
            <p class=move || if over.get() { "note" } else { "problem" } id="run-reason">
                {move || block.get().unwrap_or_default()}
            </p>
            <TrainOn training/>
            <p class="run__outdated" id="run-reset" role="status" aria-label="Settings of the run">
                {move || outdated(training, state)}
            </p>
            {move || fault(&phase.get()).map(|text| view! {
                <div class="fault" role="alert" aria-label="Training stopped"><p>{text}</p></div>
            })}
            <LeaveButton training state/>
        </div>
    }
}

fn said(phase: &Phase) -> String {
    let said = match phase {
        Phase::Idle => "Not started",
        Phase::Preparing => "Preparing data and network",
        Phase::Recovering => {
            "The graphics device was lost. Opening it again; the run goes on from its last validation."
        }
        Phase::Compiling([done, all]) => return format!("Compiling kernels {done} of {all}"),
        Phase::Running => "Running",
        Phase::Predicting => "Predicting the volume",
        Phase::Pausing => "Finishing the steps under way",
        Phase::Paused => "Paused",
        Phase::Finished => "Finished",
        Phase::Failed(_) => "Stopped",
    };
    said.into()
}

/// Why neither Run nor Step would do anything.
fn block(training: Training, compute: Compute) -> Option<String> {
    match training.phase.get() {
        Phase::Finished => {
            let steps = training.steps_wanted();
            if let Some(text) = training.history.with(stopped) {
                return Some(text);
            }
            Some(format!("All {steps} steps are done."))
        }
        Phase::Failed(_) => Some("Reset starts anew.".into()),
        Phase::Idle => training.outlook.with(|outlook| match outlook {
            None if compute.computes.with(Option::is_none) => Some("Looking for a graphics adapter.".into()),
            None => Some("Waiting for a study.".into()),
            Some(Err(fault)) => Some(fault.clone()),
            Some(Ok(_)) => None,
        }),
        _ => None,
    }
}

/// Why a run ended before its last step.
fn stopped(history: &History) -> Option<String> {
    let (at, (best, dice)) = history.stopped.zip(history.best)?;
    Some(format!(
        "Stopped early: up to step {at} no validation was better than that after step {best}, of mean Dice {dice:.4}."
    ))
}

fn outdated(training: Training, state: State) -> String {
    if !training.is_outdated() || training.phase.with(Phase::prepares) {
        return String::new();
    }
    if training.moved(state).is_some() {
        return match training.snapshot() {
            Some(snapshot) => format!(
                "Another engine is chosen: Run goes on there from the last validation, after step {}.",
                snapshot.step
            ),
            None => {
                "Another engine is chosen: Run begins anew there, since the run has no snapshot yet.".into()
            }
        };
    }
    training.outlook.with(|outlook| match outlook {
        Some(Err(fault)) => format!("Settings changed, and with them nothing can be trained: {fault}"),
        _ => "Settings changed: Reset applies them.".into(),
    })
}

fn fault(phase: &Phase) -> Option<String> {
    match phase {
        Phase::Failed(text) => Some(text.clone()),
        _ => None,
    }
}

#[component]
fn Progress(training: Training) -> impl IntoView {
    let done = Memo::new(move |_| training.steps_done());
    let wanted = Memo::new(move |_| {
        let running = training.steps_wanted();
        let planned = training.outlook.with(|outlook| match outlook {
            Some(Ok(outlook)) => outlook.recipe.steps,
            _ => 0,
        });
        if running > 0 { running } else { planned }
    });
    let runs = Memo::new(move |_| training.phase.get() == Phase::Running);
    let pace = move || {
        let left = wanted.get().saturating_sub(done.get());
        training.pace.with(|pace| {
            let rate = pace.steps_per_second().filter(|_| runs.get())?;
            let rest = pace.seconds_for(left)?;
            let rate = if rate < 1.0 {
                format!("{:.1} s a step", 1.0 / rate)
            } else {
                format!("{rate:.1} steps a second")
            };
            Some(format!("{rate}, about {} left", duration(rest)))
        })
    };
    let step = move || format!("Step {} of {}", done.get(), wanted.get());
    let predicted = move || {
        training.predicted.get().map(|predicted| {
            format!(
                "Slice {} is predicted after step {}.",
                predicted.slice, predicted.step
            )
        })
    };
    view! {
        <progress
            class="run__progress" aria-label="Training progress" aria-valuetext=step
            max=move || wanted.get().max(1).to_string() prop:value=move || done.get() as f64
        ></progress>
        <p class="run__figures">
            <span>{step}</span>
            <span>{move || pace().unwrap_or_default()}</span>
            <span class="muted">{move || predicted().unwrap_or_default()}</span>
        </p>
    }
}
