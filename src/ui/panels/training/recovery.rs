//! A run outlives its device: from where it was taken up, and the way to leave a device that cannot be had.

use leptos::prelude::*;

use crate::engine::Processor;
use crate::page::{Break, Resumed};
use crate::ui::store::{State, Training};

/// Offers to leave a device that cannot be had.
#[component]
pub fn LeaveButton(training: Training, state: State) -> impl IntoView {
    let stranded = Memo::new(move |_| training.stranded.with(Option::is_some));
    move || {
        stranded.get().then(|| {
            view! {
                <button class="button" on:click=move |_| training.leave(state)>"Go on on the processor"</button>
            }
        })
    }
}

/// Says from where the run was taken up.
#[component]
pub fn ResumedLine(training: Training) -> impl IntoView {
    let said = move || {
        let Resumed { after, step } = training.resumed.get()?;
        Some(match after {
            Break::Loss => format!(
                "The graphics device was lost and opened again. The run was taken up after step {step}, at its last validation: the curves go on as if nothing had been."
            ),
            Break::Move(processor) => {
                let there = match processor {
                    Processor::Gpu => "graphics adapter",
                    Processor::Cpu => "processor",
                };
                if step == 0 {
                    format!("The run went to the {there} before its first snapshot, so it began anew there.")
                } else {
                    format!(
                        "The run went to the {there} and was taken up after step {step}, at its last validation."
                    )
                }
            }
            Break::Reload => {
                format!("The run was taken up after step {step}, at its last validation. Run continues it.")
            }
        })
    };
    view! {
        {move || said().map(|text| view! {
            <p class="note" role="status" aria-label="Run taken up">{text}</p>
        })}
    }
}
