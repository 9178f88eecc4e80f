//! The three runs on offer, and why a setting is as it is.

use leptos::prelude::*;

use crate::plan::{Aspect, Planned, Preset};
use crate::ui::services::training::planning::taking;
use crate::ui::store::{State, Training};

/// Of the settings that were changed; more are counted.
const MOST_NAMED: usize = 4;

/// Quick, Standard, Thorough; nothing where there is nothing to plan from.
#[component]
pub fn Presets(training: Training, state: State) -> impl IntoView {
    let planning = training.planning;
    let is_planned = Memo::new(move |_| planning.plans.with(Option::is_some));
    let now = Memo::new(move |_| {
        planning
            .planned
            .with(|plan| plan.as_ref().map(|plan| plan.preset))
    });
    let changed = Memo::new(move |_| planning.changed(training.settings));
    let choice = move |(place, preset): (usize, Preset)| {
        let read = move |read: &dyn Fn(&Planned) -> String| {
            planning.plans.with(|plans| {
                plans
                    .as_ref()
                    .map_or_else(String::new, |plans| read(&plans[place]))
            })
        };
        let time = move || read(&|plan| taking(training, state.compute, plan).said());
        let asks = move || read(&asks);
        let is_on = move || now.get() == Some(preset) && changed.with(Vec::is_empty);
        view! {
            <button
                class="button plan__choice" title=preset.about() aria-pressed=move || is_on().to_string()
                on:click=move |_| training.choose(state, preset)
            >
                <span class="plan__name">{preset.name()}</span>
                <span class="plan__time">{time}</span>
                <span class="plan__asks">{asks}</span>
            </button>
        }
    };
    let words = move || {
        changed.with(|changed| {
            if changed.len() > MOST_NAMED {
                return format!("{} settings", changed.len());
            }
            let names: Vec<&str> = changed.iter().map(|aspect| aspect.name()).collect();
            names.join(", ")
        })
    };
    view! {
        <div class="plan" role="group" aria-label="Planned runs" hidden=move || !is_planned.get()>
            <div class="plan__choices">{Preset::ALL.into_iter().enumerate().map(choice).collect_view()}</div>
            {move || (!changed.with(Vec::is_empty)).then(|| view! {
                <p class="plan__changed" role="status" aria-label="Changed settings">
                    <span>{move || format!("Changed by you: {}.", words())}</span>
                    <button class="button" on:click=move |_| training.back_to_plan()>"Back to the plan"</button>
                </p>
            })}
        </div>
    }
}

/// Such as "64 × 64, 400 steps".
fn asks(plan: &Planned) -> String {
    format!("{0} × {0}, {1} steps", plan.settings.size, plan.settings.steps)
}

/// Why the plan has a setting as it is; marked where the visitor has it otherwise.
#[component]
pub fn Reason(aspect: Aspect) -> impl IntoView {
    let training = Training::get();
    let planning = training.planning;
    let changed = Memo::new(move |_| planning.changed(training.settings).contains(&aspect));
    let words = move || {
        planning.planned.with(|planned| {
            planned.as_ref().map(|planned| {
                let reason = planned.reason(aspect);
                if changed.get() {
                    format!(
                        "Changed by you; the plan has {}. {reason}",
                        aspect.said(&planned.settings)
                    )
                } else {
                    reason.to_owned()
                }
            })
        })
    };
    view! {
        <p class="note plan__reason" class:plan__reason--changed=changed>{move || words().unwrap_or_default()}</p>
    }
}
