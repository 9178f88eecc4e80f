//! How long a run will take on the machine at hand, from what earlier runs in this browser have measured.

use leptos::prelude::*;

use crate::engine::Processor;
use crate::page::{Pace, Phase};
use crate::plan::engine::Graphics;
use crate::plan::{Engine, Machine, Measured, remember};
use crate::ui::ground::browser;
use crate::ui::store::{Compute, State, Training};

/// Under which name the browser remembers it.
const KEY: &str = "contour-lab speed";

/// More workers than images of a batch do not help, and a plan has no more of them than this on a processor.
const MOST_WORKERS: usize = 4;

/// What computes a run, and what it is called.
fn engine_of(compute: Compute, processor: Processor) -> (Engine, String) {
    match processor {
        Processor::Gpu => {
            let found = compute.graphics.with(|graphics| match graphics {
                Graphics::Found { name, kind } => Some((Engine::of_adapter(*kind), name.clone())),
                Graphics::Sought | Graphics::Absent(_) => None,
            });
            found.unwrap_or((Engine::Integrated, String::new()))
        }
        Processor::Cpu => {
            let workers = browser::workers_asked().unwrap_or_else(browser::cores);
            let workers = workers.clamp(1, MOST_WORKERS);
            (
                Engine::Processor { workers },
                format!("processor, workers: {workers}"),
            )
        }
    }
}

/// The machine that a run would be on, with what is known of it by now; `None` while that is not known.
pub fn machine_now(training: Training, compute: Compute, processor: Option<Processor>) -> Option<Machine> {
    let (engine, by) = engine_of(compute, processor?);
    let measured = training
        .measured
        .with(|all| all.iter().filter(|one| one.by == by).cloned().collect());
    Some(Machine { engine, measured })
}

/// Remembers the pace of each run that comes to rest, the newest first.
pub fn follow(training: Training, state: State) {
    let remembered = browser::recall(KEY).and_then(|text| serde_json::from_str(&text).ok());
    training.measured.set(remembered.unwrap_or_default());
    Effect::new(move || {
        if !matches!(training.phase.get(), Phase::Paused | Phase::Finished) {
            return;
        }
        untrack(|| {
            let rate = training.pace.with(Pace::steps_per_second);
            let Some((rate, made)) = rate.zip(training.made.get()) else {
                return;
            };
            let (_, by) = engine_of(state.compute, made.plan.processor);
            training.measured.update(|all| {
                remember(all, Measured::new(&by, &made.outlook.work, rate));
                if let Ok(text) = serde_json::to_string(all) {
                    browser::remember(KEY, &text);
                }
            });
        });
    });
}

/// How long the run that is planned will take, and how that is known.
pub fn said(training: Training, state: State) -> String {
    let processor = training
        .plan
        .with(|plan| plan.as_ref().map(|plan| plan.processor));
    let machine = machine_now(training, state.compute, processor);
    training.outlook.with(|outlook| match (outlook, machine) {
        (Some(Ok(outlook)), Some(machine)) => machine.taking(&outlook.work).said(),
        _ => "–".into(),
    })
}
