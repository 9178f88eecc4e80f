//! How does the network learn?
//!
//! `plan` says what a run would be, and `planning` what it is proposed to be; `control` has the engine make a session of it, and what that
//! reports becomes signals (`state`), once a frame.

mod curves;
mod difference_table;
mod engine_panel;
mod learning_panel;
mod network;
mod outlook_panel;
mod patch_controls;
mod precision;
mod presets;
mod recovery;
mod run_controls;
mod settings_panel;
mod split_strip;
mod start_choice;
mod train_on;

use leptos::prelude::*;

use crate::page::Phase;
use crate::train::Command;
use crate::ui::services::training::files;
use crate::ui::store::{State, Training};
use curves::{DiceCurves, LossCurves};
use engine_panel::EnginePanel;
use network::NetworkPanel;
use outlook_panel::OutlookPanel;
use presets::Presets;
use run_controls::RunControls;
use settings_panel::SettingsPanel;

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
        <EnginePanel training compute=state.compute/>
        <SettingsPanel training state/>
        <OutlookPanel training state/>
        <NetworkPanel training/>
        <LossCurves training/>
        <DiceCurves training state/>
        <Files training/>
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
