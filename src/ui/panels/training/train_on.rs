//! A run that is over goes on.

use leptos::prelude::*;

use crate::page::Phase;
use crate::plan::{further_said, offered};
use crate::train::{Command, MOST_STEPS};
use crate::ui::parts::Field;
use crate::ui::store::Training;

/// Offers more steps where a run has come to its end, and says at which rate.
#[component]
pub fn TrainOn(training: Training) -> impl IntoView {
    let done = Memo::new(move |_| training.steps_done());
    let is_over =
        Memo::new(move |_| training.phase.get() == Phase::Finished && (1..MOST_STEPS).contains(&done.get()));
    let typed = RwSignal::new(None::<f64>);
    // As many again, until the visitor says otherwise; anew at each end.
    Effect::new(move || {
        if is_over.get() {
            typed.set(None);
        }
    });
    let steps = Signal::derive(move || typed.get().unwrap_or(offered(done.get()) as f64));
    let whole = Memo::new(move |_| {
        let (steps, left) = (steps.get(), MOST_STEPS - done.get().min(MOST_STEPS));
        (steps.fract() == 0.0 && (1.0..=left as f64).contains(&steps)).then_some(steps as u64)
    });
    let rate = move || {
        let more = whole.get()?;
        training.made.with(|made| {
            let recipe = &made.as_ref()?.outlook.recipe;
            let base = recipe.optimiser.learning_rate();
            Some(further_said(&recipe.regimen.rate, base, done.get(), more))
        })
    };
    let refused = move || {
        let left = MOST_STEPS - done.get().min(MOST_STEPS);
        format!("Choose a whole number of steps from 1 to {left}.")
    };
    let go_on = move |_| {
        if let Some(more) = whole.get_untracked() {
            training.send(Command::TrainOn(more));
        }
    };
    move || {
        is_over.get().then(|| {
            view! {
                <div class="run__on" role="group" aria-label="Train on">
                    <Field name="More steps" unit=Signal::stored("") value=steps set=move |steps| typed.set(Some(steps))/>
                    <button class="button" disabled=move || whole.get().is_none() on:click=go_on>"Train on"</button>
                    <p class="note">{move || rate().unwrap_or_else(refused)}</p>
                </div>
            }
        })
    }
}

/// Says where a run was trained on.
#[component]
pub fn TrainedOnLine(training: Training) -> impl IntoView {
    let said = Memo::new(move |_| {
        training.history.with(|history| {
            let last = history.trained_on.last()?;
            Some(format!(
                "Trained on after step {}: since then the learning rate is that of a run of {} steps.",
                last.step, last.steps
            ))
        })
    });
    move || {
        said.get()
            .map(|text| view! { <p class="note" role="status" aria-label="Trained on">{text}</p> })
    }
}
