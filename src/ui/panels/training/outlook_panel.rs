//! What a run will need and see, before it starts.

use leptos::prelude::*;

use super::split_strip::SplitStrip;
use crate::page::{Outlook, Plan, grouped};
use crate::plan::Settings;
use crate::ui::services::training::duration;
use crate::ui::store::{State, Training};

#[component]
pub fn OutlookPanel(training: Training, state: State) -> impl IntoView {
    let known = move |read: fn(&Outlook) -> String| {
        move || {
            training.outlook.with(|outlook| match outlook {
                Some(Ok(outlook)) => read(outlook),
                _ => "–".into(),
            })
        }
    };
    let unit = |name: &'static str, value: AnyView, title: &'static str| {
        view! { <div class="outlook__item" title=title><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let slices = move || {
        state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().map_or("–".into(), |cohort| cohort.tally().said()))
    };
    view! {
        <dl class="outlook" aria-label="What the run needs">
            {unit(
                "Parameters",
                known(|outlook| grouped(outlook.graph.parameter_count())).into_any(),
                "Numbers that the network learns: the weights of all its layers.",
            )}
            {unit(
                "Memory",
                known(|outlook| megabytes(outlook.bytes)).into_any(),
                "Activations and their gradients for one batch, activations for the validation of whole slices, four numbers \
                 for each parameter (weight, gradient, two moments; one more where weights are averaged), and image, label, \
                 contour and weight of every slice; four bytes each, or two for 16-bit activations.",
            )}
            {unit(
                "Time",
                (move || duration::said(training, state)).into_any(),
                "Multiply-adds of the network's convolutions in all steps and validations, over those that a second brings. \
                 Measured: in a run in this browser whose step was within four times as large. Estimated: in another one, or \
                 what such a machine does.",
            )}
            {unit("Slices", slices.into_any(), "Axial slices of all subjects that take part.")}
        </dl>
        <Proposals training/>
        <SplitStrip data=state.data view=state.view/>
        <DataDecisions training state/>
    }
}

/// What was decided about the data, as it is kept with the run.
#[component]
fn DataDecisions(training: Training, state: State) -> impl IntoView {
    let size = Memo::new(move |_| training.settings.with(|settings| settings.size));
    let said = Memo::new(move |_| {
        let size = size.get();
        state.data.cohort.with(|cohort| {
            cohort
                .as_ref()
                .map_or_else(Vec::new, |cohort| cohort.decisions([size, size]).said())
        })
    });
    let row = |(name, words): (&'static str, String)| view! { <tr><th scope="row">{name}</th><td>{words}</td></tr> };
    view! {
        <details class="aside">
            <summary>"What was decided about the data"</summary>
            <table class="plain" aria-label="Decisions about the data">
                <tbody>{move || said.get().into_iter().map(row).collect_view()}</tbody>
            </table>
            <p class="note">"All of it is written into the run and into the weights that are downloaded, beside the recipe."</p>
        </details>
    }
}

/// Roughly, in 10⁶ bytes.
fn megabytes(bytes: u64) -> String {
    format!("about {} MB", grouped((bytes as f64 / 1e6).ceil() as usize))
}

/// What would fit where the run is too large.
#[component]
fn Proposals(training: Training) -> impl IntoView {
    let proposals = Memo::new(move |_| {
        training
            .plan
            .with(|plan| plan.as_ref().map_or_else(Vec::new, Plan::proposals))
    });
    let button = move |(name, settings): (String, Settings)| {
        view! { <button class="button" on:click=move |_| training.settings.set(settings.clone())>{name}</button> }
    };
    move || {
        let proposals = proposals.get();
        (!proposals.is_empty()).then(|| {
            view! {
                <div class="presets" role="group" aria-label="What would fit">
                    {proposals.into_iter().map(button).collect_view()}
                </div>
            }
        })
    }
}
