//! How long a run will take, from a step that was measured in this browser.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::pace::{Pace, duration};
use super::state::{Phase, Training};
use crate::engine::Processor;
use crate::ui::{State, browser};

/// Under which name the browser remembers it.
const KEY: &str = "contour-lab step";

/// So many networks are remembered.
const MOST: usize = 16;
/// A step takes as long as its convolutions are large, but only roughly: dispatches and tiny layers cost time of their own.
/// One that is so many times larger or smaller says nothing.
const FARTHEST: f64 = 4.0;

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

/// Remembers the pace of each run that comes to rest, the newest first.
pub(super) fn follow(training: Training, state: State) {
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
            let step = Step {
                by: by(state, made.plan.processor),
                work: made.outlook.work,
                seconds: 1.0 / rate,
            };
            training.measured.update(|steps| {
                steps.retain(|old| (&old.by, old.work) != (&step.by, step.work));
                steps.insert(0, step);
                steps.truncate(MOST);
                if let Ok(text) = serde_json::to_string(steps) {
                    browser::remember(KEY, &text);
                }
            });
        });
    });
}

/// How long the run that is planned will take, and how that is known.
pub(super) fn said(training: Training, state: State) -> String {
    let processor = training
        .plan
        .with(|plan| plan.as_ref().map_or(Processor::Gpu, |plan| plan.processor));
    let by = by(state, processor);
    training.outlook.with(|outlook| {
        let Some(Ok(outlook)) = outlook else {
            return "–".into();
        };
        let share = |step: &Step| outlook.work as f64 / step.work.max(1) as f64;
        let apart = |step: &Step| share(step).ln().abs();
        let steps = training.measured.get();
        let near = steps
            .iter()
            .filter(|step| step.by == by && apart(step) <= FARTHEST.ln())
            .min_by(|one, other| apart(one).total_cmp(&apart(other)));
        near.map_or("known after some steps".into(), |step| {
            let seconds = outlook.recipe.steps as f64 * step.seconds * share(step);
            format!("about {}", duration(seconds))
        })
    })
}
