//! How long a run will take, from a step that was measured in this browser.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::pace::{Pace, duration};
use super::plan::Outlook;
use super::state::{Phase, Training};
use crate::engine::Processor;
use crate::ui::{State, browser};

/// Under which name the browser remembers it.
const KEY: &str = "contour-lab step";

/// A step of a run that came to rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What computed it.
    by: String,
    /// Multiply-adds, forwards.
    work: u64,
    seconds: f64,
}

/// What computes a run, by name.
fn by(state: State, processor: Processor) -> String {
    match processor {
        Processor::Gpu => state.adapter_name.get(),
        Processor::Cpu => "processor".into(),
    }
}

/// Remembers the pace of each run that comes to rest.
pub(super) fn follow(training: Training, state: State) {
    let remembered = browser::recall(KEY).and_then(|text| serde_json::from_str(&text).ok());
    training.step.set(remembered);
    Effect::new(move || {
        if !matches!(training.phase.get(), Phase::Paused | Phase::Finished) {
            return;
        }
        untrack(|| {
            let rate = training.pace.with(Pace::steps_per_second);
            let Some((rate, made)) = rate.zip(training.made.get()) else {
                return;
            };
            let step = Step {
                by: by(state, made.plan.processor),
                work: made.outlook.work,
                seconds: 1.0 / rate,
            };
            if let Ok(text) = serde_json::to_string(&step) {
                browser::remember(KEY, &text);
            }
            training.step.set(Some(step));
        });
    });
}

/// How long the run that is planned will take, and how that is known.
pub(super) fn said(training: Training, state: State) -> String {
    let processor = training
        .plan
        .with(|plan| plan.as_ref().map_or(Processor::Gpu, |plan| plan.processor));
    let by = by(state, processor);
    let step = training.step.get().filter(|step| step.by == by);
    training.outlook.with(|outlook| match (step, outlook) {
        (Some(step), Some(Ok(outlook))) => {
            format!("about {}", duration(seconds(&step, outlook)))
        }
        (None, Some(Ok(_))) => "known after some steps".into(),
        _ => "–".into(),
    })
}

/// A step takes as long as its convolutions are large, more or less.
fn seconds(step: &Step, outlook: &Outlook) -> f64 {
    let share = outlook.work as f64 / step.work.max(1) as f64;
    outlook.recipe.steps as f64 * step.seconds * share
}
