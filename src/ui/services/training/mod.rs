//! A run: what it would be, how its session is made, and how what that reports becomes signals, once a frame.

mod asking;
mod awake;
mod benchmark;
mod comparison;
mod control;
pub mod duration;
pub mod files;
mod leisure;
mod making;
pub mod planning;
mod recovery;
mod shown;
mod volume;

use leptos::prelude::*;

use crate::page::{Phase, Plan};
use crate::plan::Settings;
use crate::ui::store::{Asking, Comparison, State, Training};

/// Makes the training known to every panel.
pub fn provide(state: State) -> Training {
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
        planning: planning::new(state),
        outlook,
        asking: Asking::new(),
        comparing: StoredValue::new(None),
        engine: state.compute.engine,
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
    training
}
