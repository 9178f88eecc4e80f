//! Asks whether an earlier session is wanted, and whether this one is to be kept.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use crate::page::{Kept, Left};
use crate::ui::parts::Toggle;
use crate::ui::store::{Keeping, State, Training};

/// Offers the session of an earlier visit.
#[component]
pub fn KeptBanner() -> impl IntoView {
    let (state, training, keeping) = (State::get(), Training::get(), Keeping::get());
    let body = move |kept: Arc<Kept>| {
        let [done, all] = kept.steps();
        let date = js_sys::Date::new(&kept.saved_ms.into());
        let when = String::from(date.to_locale_string("default", &JsValue::UNDEFINED));
        view! {
            <aside class="intake" role="region" aria-label="Session of an earlier visit">
                <h2>"A session was kept in this browser"</h2>
                <p>{format!("{}: {done} of {all} steps, {when}.", kept.title)}</p>
                <div class="intake__actions">
                    <button class="button button--primary" on:click=move |_| spawn_local(keeping.take_up(state, training))>
                        "Take it up"
                    </button>
                    <button class="button" on:click=move |_| spawn_local(keeping.forget())>"Forget it"</button>
                </div>
            </aside>
        }
    };
    move || keeping.offer.get().map(body)
}

/// Offers the run that ended because another study was opened.
#[component]
pub fn LeftRun() -> impl IntoView {
    let (state, training, keeping) = (State::get(), Training::get(), Keeping::get());
    let body = move |left: Arc<Left>| {
        let steps = left.kept.as_ref().map(|(kept, _)| kept.steps());
        let text = match steps {
            Some([done, all]) => format!("The run on “{}” is kept: {done} of {all} steps.", left.title),
            None => format!(
                "The run on “{}” ended with its study. It had no validation yet, so there is nothing to go back to.",
                left.title
            ),
        };
        view! {
            <p class="study__left" role="status" aria-label="Run on another study">
                {text}
                {steps.map(|_| view! {
                    <button class="button" on:click=move |_| spawn_local(keeping.back(state, training))>"Back to the run"</button>
                })}
                <button class="button" on:click=move |_| keeping.left.set(None)>
                    {if steps.is_some() { "Forget the run" } else { "Close" }}
                </button>
            </p>
        }
    };
    move || keeping.left.get().map(body)
}

/// Says what is kept, and asks about the visitor's own scans.
#[component]
pub fn KeepToggle() -> impl IntoView {
    let (state, keeping) = (State::get(), Keeping::get());
    let is_sample = Memo::new(move |_| {
        state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().is_none_or(|cohort| cohort.sample.is_some()))
    });
    let id = Memo::new(move |_| {
        state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().map(|cohort| cohort.id))
    });
    let is_kept = Memo::new(move |_| id.get().is_some() && keeping.own.get() == id.get());
    let said = move || {
        if is_sample.get() {
            "After each validation the run is kept in this browser, so that a reload loses nothing."
        } else if is_kept.get() {
            "After each validation scans, labels and run are kept in this browser's storage, on this computer, until you \
             switch this off or forget them when they are offered. Whoever uses this browser after you is offered them."
        } else {
            "Your scans are not kept: a reload or a closed tab ends the run. Switched on, they stay in this browser's \
             storage, on this computer."
        }
    };
    view! {
        <div class="controls" role="group" aria-label="Keeping the session">
            {move || (!is_sample.get()).then(|| view! {
                <Toggle
                    name="Keep this session in this browser"
                    value=is_kept
                    set=move |own| keeping.own.set(id.get_untracked().filter(|_| own))
                />
            })}
            <p class="note">{said}</p>
            <p class="problem" role="status">{move || keeping.fault.get()}</p>
        </div>
    }
}
