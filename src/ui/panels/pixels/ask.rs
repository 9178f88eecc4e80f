//! Which network is asked, and the way to ask one at all.

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::page::Phase;
use crate::plan::Shipped;
use crate::plan::Start;
use crate::ui::parts::Action;
use crate::ui::store::{Device, State, Training};

#[component]
pub fn Ask() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    let (pixels, asking) = (state.pixels, training.asking);
    let text = move || {
        let told = pixels.told.with(|told| {
            let asked = &told.as_ref()?.asked;
            Some((asked.slice, asked.weights.clone()))
        });
        match told {
            Some((slice, weights)) => format!("Axial slice {slice}, predicted with {weights}."),
            None => "A loss needs a prediction. Ask a network to predict this slice. This trains nothing and leaves the run alone."
                .to_owned(),
        }
    };
    let slow = move || {
        let absent = state
            .compute
            .device
            .with(|device| matches!(device, Device::Absent(_)));
        absent.then_some(" There is no graphics device, so the processor computes all of this: the same numbers, more slowly.")
    };
    let answered = Memo::new(move |_| training.predicts_here(state.data));
    let waits = Memo::new(move |_| asking.prepares.get() || training.phase.with(Phase::prepares));
    // Before there is a study there is nothing to ask about.
    let idle = move || waits.get() || training.plan.with(Option::is_none);
    // The shipped weights have a network of their own, whatever the run's is.
    let trained = Memo::new(move |_| {
        training.plan.with(|plan| {
            plan.as_ref().is_some_and(|plan| {
                let shipped = Shipped::nearest(plan.settings.size);
                let (channels, classes) = (plan.cohort.in_channels(), plan.study.classes.len());
                shipped
                    .fit(&shipped.take(&plan.settings), channels, classes)
                    .is_ok()
            })
        })
    });
    let ask = move |start: Option<Start>| {
        let start = start.unwrap_or_else(|| {
            training
                .settings
                .with_untracked(|settings| settings.start.clone())
        });
        state.view.plane.set(Plane::Axial);
        state.view.layers.update(|layers| layers.loss.shown = true);
        training.ask_network(state, start);
    };
    let choices = move || {
        let own = training
            .settings
            .with(|settings| matches!(settings.start, Start::File { .. }));
        if trained.get() && !own {
            vec![
                ("Ask the trained network", Some(Start::Shipped)),
                ("Ask an untrained one", Some(Start::Random)),
            ]
        } else {
            vec![("Ask the network", None)]
        }
    };
    let button = move |(name, start): (&'static str, Option<Start>)| {
        view! { <Action off=Signal::derive(idle) act=move || ask(start.clone())>{name}</Action> }
    };
    let away = move || {
        let slice = pixels
            .told
            .with(|told| told.as_ref().map(|told| told.asked.slice))?;
        let off = state.view.plane.get() != Plane::Axial || state.view.cursor.get()[2] != slice.0;
        off.then_some("The picture shows another place. The maps are drawn on axial slices only.")
    };
    view! {
        <p>{text}{slow}</p>
        {move || (!answered.get()).then(|| view! {
            <div class="presets">{move || choices().into_iter().map(button).collect_view()}</div>
            <p class="note" aria-live="polite">{move || waits.get().then_some("Preparing data and network …")}</p>
            <p class="problem" role="alert">{asking.fault}</p>
        })}
        <p class="note" aria-live="polite">{away}</p>
    }
}
