//! Who computes the run, why, and the other choice.

use leptos::prelude::*;

use crate::engine::Processor;
use crate::page::Phase;
use crate::plan::engine::Graphics;
use crate::ui::parts::Segmented;
use crate::ui::store::{Comparison, Compute, Training};

#[component]
pub fn EnginePanel(training: Training, compute: Compute) -> impl IntoView {
    let line = move || {
        let choice = compute.computes.get();
        choice.map_or_else(|| "Looking for a graphics adapter.".into(), |choice| choice.line)
    };
    let has_graphics = Memo::new(move |_| {
        compute
            .graphics
            .with(|graphics| matches!(graphics, Graphics::Found { .. }))
    });
    let wish = Signal::derive(move || compute.wishes.with(|wishes| wishes.visitor));
    let choose = move |visitor| compute.wishes.update(|wishes| wishes.visitor = visitor);
    let options = vec![
        (None, "Automatic"),
        (Some(Processor::Gpu), "Graphics"),
        (Some(Processor::Cpu), "Processor"),
    ];
    let compares = Memo::new(move |_| training.comparison.with(|it| *it == Comparison::UnderWay));
    let busy = move || {
        let rests = training.phase.with(Phase::rests);
        let is_possible = training.outlook.with(|outlook| matches!(outlook, Some(Ok(_))));
        compares.get() || !rests || !is_possible
    };
    let said = move || match training.comparison.get() {
        Comparison::None => String::new(),
        Comparison::UnderWay => "Timing one step on each.".into(),
        Comparison::Done(said) => said,
    };
    let trials = move || {
        let [done, all] = training.trials.get()?;
        Some(format!(
            "While nothing runs, kernels are tried for later runs: {done} of {all} shapes are known."
        ))
    };
    view! {
        <div class="engine">
            <p class="note" role="status" aria-label="Engine of the run">{line}</p>
            <div class="engine__choice">
                <Segmented name="Engine" options value=wish set=choose/>
                <Show when=move || has_graphics.get()>
                    <button class="button" disabled=busy on:click=move |_| training.compare(compute)>
                        "Compare on this machine"
                    </button>
                </Show>
            </div>
            <p class="note" role="status" aria-label="Comparison of the engines">{said}</p>
            {move || trials().map(|text| view! {
                <p class="note muted" role="status" aria-label="Trials of kernels">{text}</p>
            })}
        </div>
    }
}
