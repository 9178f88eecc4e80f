//! Benchmark my GPU: what the adapter can do at most, and where the time of a training step goes.

mod explain;
mod table;
mod units;

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::Processor;
use crate::page::Phase;
use crate::page::benchmark::{Benchmark, Stage};
use crate::ui::ground::browser;
use crate::ui::services::variants;
use crate::ui::store::{Device, State, Training};
use explain::Explain;
use table::NodeTable;

/// A button that opens the benchmark in a dialog and starts it.
#[component]
pub fn BenchmarkButton() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    let dialog = NodeRef::<Dialog>::new();
    let ready = move || {
        state
            .compute
            .device
            .with(|device| matches!(device, Device::Ready(_)))
    };
    let obstacle = Memo::new(move |_| obstacle(state, training));
    let measure = move || {
        if obstacle.get_untracked().is_none() {
            training.measure(state);
        }
    };
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            // Fails only where it is open already.
            let _ = dialog.show_modal();
            measure();
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <button
            class="button check__open" disabled=move || !ready()
            title=move || if ready() { "" } else { "There is no graphics device to measure." } on:click=open
        >"Benchmark my GPU"</button>
        <dialog class="check benchmark" aria-labelledby="benchmark-title" node_ref=dialog>
            <header class="check__head">
                <h2 id="benchmark-title">"Benchmark my GPU"</h2>
                <button class="button" on:click=close>"Close"</button>
            </header>
            <p class="note">
                "Measures the most that your graphics card can multiply and add, then one training step with the settings \
                 of the run, node by node. A run under way waits meanwhile and goes on as if nothing had been."
            </p>
            <p role="status" aria-label="Result of the benchmark">
                {move || said(training, &state.compute.adapter_name.get())}
            </p>
            <p class="problem">{move || obstacle.get().filter(|_| !under_way(training)).unwrap_or_default()}</p>
            <Result training/>
            <p class="check__foot">
                <button
                    class="button" disabled=move || under_way(training) || obstacle.get().is_some()
                    on:click=move |_| measure()
                >"Measure again"</button>
                <Copy training state/>
            </p>
        </dialog>
    }
}

#[component]
fn Result(training: Training) -> impl IntoView {
    let benchmark = training.benchmark;
    move || {
        let Benchmark { peak, measured, .. } = benchmark.get();
        measured.map(|measured| {
            view! {
                <NodeTable measured=measured.clone() peak/>
                <Explain measured peak/>
            }
        })
    }
}

#[component]
fn Copy(training: Training, state: State) -> impl IntoView {
    let copied = RwSignal::new(false);
    let benchmark = training.benchmark;
    let copy = move |_| {
        let Benchmark { peak, measured, .. } = benchmark.get_untracked();
        let Some(measured) = measured else { return };
        let lines = variants::lines(state.compute);
        let text = measured.json(&state.compute.adapter_name.get_untracked(), peak, &lines);
        spawn_local(async move {
            copied.set(browser::copy(&text).await);
        });
    };
    // A new result has not been copied yet.
    Effect::new(move || {
        benchmark.track();
        copied.set(false);
    });
    view! {
        <button class="button" disabled=move || benchmark.with(|it| it.measured.is_none()) on:click=copy>
            "Copy as JSON"
        </button>
        <span role="status">{move || if copied.get() { "Copied" } else { "" }}</span>
    }
}

fn under_way(training: Training) -> bool {
    training.benchmark.with(|benchmark| benchmark.stage.is_some())
}

/// Why no step can be measured now.
fn obstacle(state: State, training: Training) -> Option<String> {
    let absent = state
        .compute
        .device
        .with(|device| matches!(device, Device::Absent(_)));
    if absent {
        return Some("There is no graphics device to measure.".into());
    }
    let is_gpu = training
        .plan
        .with(|plan| plan.as_ref().is_none_or(|plan| plan.processor == Processor::Gpu));
    if !is_gpu {
        return Some("The processor computes the run. Choose the graphics adapter as the engine of the run, then measure.".into());
    }
    match training.phase.get() {
        Phase::Failed(_) => Some("The run has stopped. Reset it, then measure.".into()),
        Phase::Idle => training.outlook.with(|outlook| match outlook {
            None => Some("Waiting for a study.".into()),
            Some(Err(fault)) => Some(fault.clone()),
            Some(Ok(_)) => None,
        }),
        Phase::Preparing | Phase::Compiling(_) if !under_way(training) => {
            Some("The run is being prepared.".into())
        }
        _ => None,
    }
}

fn said(training: Training, adapter: &str) -> String {
    let benchmark = training.benchmark.get();
    match benchmark.stage {
        Some(Stage::Waiting) => match training.phase.get() {
            Phase::Compiling([done, all]) => format!("Compiling kernels {done} of {all}"),
            Phase::Preparing => "Preparing data and network".into(),
            _ => "Finishing the steps under way".into(),
        },
        Some(Stage::Peak) => "Measuring the multiply-add peak".into(),
        Some(Stage::Step) => "Measuring one training step".into(),
        None => match (&benchmark.measured, benchmark.peak) {
            (Some(measured), Some(peak)) => {
                let total = &measured.total;
                let of_peak = total.flops_per_second().map(|rate| units::percent(rate / peak));
                format!(
                    "{adapter}: a step takes {} ms in {} dispatches, at {} GFLOP/s, {} of the peak of {} GFLOP/s.",
                    units::three(total.ms),
                    total.dispatches,
                    units::giga(total.flops_per_second()),
                    of_peak.unwrap_or_else(|| units::NOTHING.into()),
                    units::giga(Some(peak)),
                )
            }
            _ => String::new(),
        },
    }
}
