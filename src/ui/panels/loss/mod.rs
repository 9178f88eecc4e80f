//! What does the loss weigh?

mod formula;
mod glossary;
mod insight;

use leptos::prelude::*;

use crate::loss::{Facts, Params, Published};
use crate::ui::parts::loss::{Controls, Menu};
use crate::ui::parts::math::symbols;
use crate::ui::parts::{ColorBar, Formula};
use crate::ui::store::State;
use formula::filled;
use glossary::Glossary;
use insight::{BlindSpot, WeightShare};

#[component]
pub fn LossPanel() -> impl IntoView {
    let state = State::get();
    let loss = state.objective.loss;
    let kind = Memo::new(move |_| loss.with(Params::kind));
    let classes = Memo::new(move |_| {
        state
            .data
            .study
            .with(|study| study.as_ref().map_or(2, |study| study.classes.len()))
    });
    let problem = move || {
        let fault = loss.with(|loss| loss.validate(classes.get()).err());
        fault.map(|error| error.to_string()).unwrap_or_default()
    };
    let split = Memo::new(move |_| loss.with(|loss| loss.parts(&Facts::of(2)).region.split));
    let weighs = Memo::new(move |_| {
        let (far, near) = loss.with(Params::weighting::<f64>).ends();
        far != near
    });
    view! {
        <Menu loss/>
        <Presets loss/>
        <Formula lines=Signal::derive(move || loss.with(filled))/>
        <Controls loss/>
        <p class="problem" role="alert">{problem}</p>
        <Glossary kind/>
        {move || weighs.get().then(|| view! {
            <h3>"The weight of a pixel"</h3>
            <ColorBar objective=state.objective view=state.view/>
            <WeightShare maps=state.maps objective=state.objective/>
        })}
        {move || split.get().then(|| view! { <BlindSpot contour=state.objective.contour loss=loss/> })}
    }
}

/// The published forms of the loss, if it has more than one.
#[component]
fn Presets(loss: RwSignal<Params>) -> impl IntoView {
    let presets = Memo::new(move |_| loss.with(|loss| loss.definition().presets.len()));
    let is = |loss: &Params, preset: &Published| *loss == Params::new(loss.kind()).preset(preset.key);
    let about = move || {
        loss.with(|loss| {
            let found = loss.definition().presets.iter().find(|preset| is(loss, preset));
            found.map_or("Your own choice; it equals no published form.", |preset| {
                preset.about
            })
        })
    };
    let button = move |preset: &'static Published| {
        let pressed = move || {
            loss.with(|loss| {
                loss.definition()
                    .presets
                    .iter()
                    .any(|own| std::ptr::eq(own, preset))
                    && is(loss, preset)
            })
        };
        view! {
            <button
                class="button" aria-pressed=move || pressed().to_string()
                on:click=move |_| loss.update(|loss| *loss = Params::new(loss.kind()).preset(preset.key))
            >{preset.name}</button>
        }
    };
    view! {
        {move || (presets.get() > 0).then(|| {
            let own = loss.with_untracked(Params::definition).presets;
            view! {
                <div class="presets" role="group" aria-label="Presets">{own.iter().map(button).collect_view()}</div>
                <p class="note">{move || symbols(about())}</p>
            }
        })}
    }
}
