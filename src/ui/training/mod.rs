//! How does the network learn?
//!
//! `plan` says what a run would be, and `planning` what it is proposed to be; `control` has the engine make a session of it, and what that
//! reports becomes signals (`state`), once a frame.

mod asking;
mod awake;
mod benchmark;
mod comparison;
mod control;
mod curves;
mod difference_table;
mod duration;
mod engine_panel;
mod files;
mod learning_panel;
mod leisure;
mod making;
mod network;
mod outlook_panel;
mod pace;
mod patch_controls;
mod plan;
mod planning;
mod precision;
mod presets;
mod recovery;
mod run_controls;
mod settings_panel;
mod shown;
mod split_strip;
mod start_choice;
mod state;
mod train_on;
mod volume;

use leptos::prelude::*;

use super::State;
use super::kept::{self, KeepToggle};
use crate::plan::Settings;
use crate::train::Command;
pub use benchmark::{Benchmark, Figures, Measured, Row, Stage};
use comparison::Comparison;
use curves::{DiceCurves, LossCurves};
use engine_panel::EnginePanel;
use network::NetworkPanel;
use outlook_panel::OutlookPanel;
pub use plan::Plan;
use presets::Presets;
use run_controls::RunControls;
use settings_panel::SettingsPanel;
pub use state::{Phase, Training};
pub use volume::PredictedVolume;

/// Makes the training known to every panel.
pub fn provide(state: State) {
    let settings = RwSignal::new(Settings::default());
    let plan = Memo::new(move |_| control::plan_now(state, settings));
    let outlook = Memo::new(move |_| plan.with(|plan| plan.as_ref().map(Plan::outlook)));
    let training = Training {
        settings,
        phase: RwSignal::new(Phase::Idle),
        made: RwSignal::new(None),
        history: RwSignal::default(),
        predicted: RwSignal::new(None),
        rounding: RwSignal::new(None),
        resumed: RwSignal::new(None),
        stranded: RwSignal::new(None),
        snapped: RwSignal::new(None),
        volume: RwSignal::default(),
        pace: RwSignal::default(),
        measured: RwSignal::new(Vec::new()),
        comparison: RwSignal::new(Comparison::default()),
        trials: RwSignal::new(None),
        benchmark: RwSignal::default(),
        plan,
        planning: planning::Planning::new(state),
        outlook,
        asking: asking::Asking::new(),
        comparing: StoredValue::new(None),
        engine: state.engine,
        session: StoredValue::default(),
    };
    provide_context(training);
    control::follow(training, state);
    asking::follow(training, state);
    awake::follow(training);
    comparison::follow(training);
    leisure::follow(training, state);
    duration::follow(training, state);
    planning::follow(training, state);
    kept::provide(state, training);
}

#[component]
pub fn TrainingPanel() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    view! {
        <p>
            "A network says a class for each pixel. Each step it sees a batch of training slices, the loss says how wrong it \
             was, and the optimiser moves its weights a little."
        </p>
        <RunControls training state/>
        <Presets training state/>
        <EnginePanel training state/>
        <SettingsPanel training state/>
        <OutlookPanel training state/>
        <NetworkPanel training/>
        <LossCurves training/>
        <DiceCurves training state/>
        <Files training/>
        <KeepToggle/>
    }
}

#[component]
fn Files(training: Training) -> impl IntoView {
    let empty = move || training.history.with(|history| history.train.is_empty());
    let made = move || training.made.get();
    let alive = move || {
        matches!(
            training.phase.get(),
            Phase::Running | Phase::Predicting | Phase::Pausing | Phase::Paused | Phase::Finished
        )
    };
    let best = Memo::new(move |_| {
        let keeps = made().is_some_and(|made| made.outlook.recipe.regimen.keep_best);
        training.history.with(|history| history.best).filter(|_| keeps)
    });
    let save_history = move |_| {
        if let Some(made) = made() {
            training
                .history
                .with_untracked(|history| files::save_history(&made, history));
        }
    };
    let save_record = move |_| {
        if let Some(made) = made() {
            training
                .history
                .with_untracked(|history| files::save_record(&made, history));
        }
    };
    view! {
        <div class="files" role="group" aria-label="Downloads">
            <button class="button" disabled=empty on:click=save_history>"Download history (CSV)"</button>
            <button
                class="button" disabled=empty on:click=save_record
                title="The recipe, what was decided about the data, and the history"
            >"Download run (JSON)"</button>
            <button
                class="button" disabled=move || !alive() on:click=move |_| training.send(Command::Weights)
            >"Download weights (safetensors)"</button>
            {move || best.get().map(|(step, dice)| view! {
                <button
                    class="button" disabled=move || !alive() on:click=move |_| training.send(Command::BestWeights)
                >"Download best weights"</button>
                <span class="note">{format!("Mean Dice {dice:.4} after step {step}.")}</span>
            })}
        </div>
    }
}
