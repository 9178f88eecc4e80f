//! How does the network learn?
//!
//! `settings` and `plan` say what a run would be; `control` makes a session of it and hands it to the `runner`,
//! which alone holds it; what the runner reports becomes signals (`state`), once a frame.

mod control;
mod files;
mod pace;
mod plan;
mod runner;
mod settings;
mod state;
mod turn;

use leptos::prelude::*;

pub use state::{Phase, Training};

use super::State;

/// Makes the training known to every panel.
pub fn provide(state: State) {
    let settings = RwSignal::new(settings::Settings::default());
    let plan = Memo::new(move |_| control::plan_now(state, settings));
    let outlook = Memo::new(move |_| plan.with(|plan| plan.as_ref().map(plan::Plan::outlook)));
    let training = Training {
        settings,
        phase: RwSignal::new(Phase::Idle),
        made: RwSignal::new(None),
        history: RwSignal::default(),
        predicted: RwSignal::new(None),
        pace: RwSignal::default(),
        plan,
        outlook,
        link: StoredValue::default(),
    };
    provide_context(training);
    control::follow(training, state);
}

#[component]
pub fn TrainingPanel() -> impl IntoView {
    view! { <p class="muted">"Training is not here yet."</p> }
}
