//! Two losses on the same logits: where each of them lies, and how far their gradients point apart.

mod map;
mod said;

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use crate::loss::Params;
use crate::page::Told;
use crate::page::comparison::{Comparison, Quantity};
use crate::ui::ground::latest::Latest;
use crate::ui::parts::loss::{Controls, Menu};
use crate::ui::parts::{Segmented, Toggle};
use crate::ui::store::{Compute, Pixels};
use map::Maps;
use said::{Angle, Numbers};

const QUANTITIES: [(Quantity, &str); 2] = [
    (Quantity::Loss, "Loss per pixel"),
    (Quantity::Gradient, "|∂L/∂z|"),
];

/// An invitation; nothing is computed until it is opened.
#[component]
pub fn Compare() -> impl IntoView {
    let open = RwSignal::new(false);
    let toggled = move |event: Event| {
        let details = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="settings compare" on:toggle=toggled>
            <summary>
                <span class="settings__name">"Compare with another loss"</span>
                <span class="settings__summary">"The same logits under two losses, without training"</span>
            </summary>
            {move || open.get().then(|| view! { <Compared/> })}
        </details>
    }
}

#[component]
fn Compared() -> impl IntoView {
    let compute: Compute = expect_context();
    let pixels: Pixels = expect_context();
    let second = pixels.second;
    let quantity = RwSignal::new(Quantity::Loss);
    let scaled = RwSignal::new(false);
    let fault = RwSignal::new(String::new());
    let pair = evaluate(compute, pixels, fault);
    let comparison = Memo::new_with_compare(
        move |_| {
            let (a, b) = pair.get()?;
            Some(Comparison::new(a, b, quantity.get(), scaled.get()))
        },
        |_, _| true,
    );
    let problem = move || {
        let classes = pixels
            .told
            .with(|told| told.as_ref().map(|told| told.asked.given.shape[1]))?;
        second
            .with(|second| second.validate(classes).err())
            .map(|error| error.to_string())
    };
    let is_there = Memo::new(move |_| comparison.with(Option::is_some));
    view! {
        <div class="compare__panel">
            <p class="note">"Loss A is the one chosen above; loss B is chosen here and plays no part in training."</p>
            <Menu loss=second name="Loss B"/>
            <details class="aside">
                <summary>"Parameters of loss B"</summary>
                <Controls loss=second/>
            </details>
            <p class="problem" role="alert">{problem}</p>
            <p class="problem" role="alert">{fault}</p>
            <Segmented
                name="Compared" options=QUANTITIES.to_vec() value=quantity
                set=move |chosen| quantity.set(chosen)
            />
            <Toggle name="Each divided by its mean" value=scaled set=move |on| scaled.set(on)/>
            {move || is_there.get().then(|| view! {
                <Maps comparison/>
                <Numbers comparison/>
                <Angle comparison/>
            })}
        </div>
    }
}

/// What both losses say, as soon as the second has been evaluated.
fn evaluate(
    compute: Compute,
    pixels: Pixels,
    fault: RwSignal<String>,
) -> RwSignal<Option<(Arc<Told>, Arc<Told>)>> {
    let pair = RwSignal::new(None);
    let latest = Latest::new();
    Effect::new(move || {
        let loss: Params = pixels.second.get();
        let Some(a) = pixels.told.get() else {
            pair.set(None);
            return;
        };
        if loss.validate(a.asked.given.shape[1]).is_err() {
            pair.set(None);
            return;
        }
        latest.ask((a, loss), move |(a, loss)| async move {
            let asked = &a.asked;
            let explained = compute.studio().explain(&asked.given, &loss, &asked.facts).await;
            // The panel may be closed by now, and its signals gone.
            match explained {
                Ok(explained) => {
                    let b = Told {
                        asked: Arc::clone(asked),
                        loss,
                        explained,
                        placed: None,
                    };
                    fault.try_set(String::new());
                    pair.try_set(Some((a, Arc::new(b))));
                }
                Err(words) => {
                    fault.try_set(words);
                }
            }
        });
    });
    pair
}
