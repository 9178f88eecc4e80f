//! Which variants of the kernels are used: remembered in the browser, forced by the page's address.

use leptos::prelude::*;
use web_sys::UrlSearchParams;

use super::{State, browser};
use crate::gpu::Context;
use crate::net::LEFT_OUT;
use crate::selfcheck;

/// Under which name the browser remembers them.
const KEY: &str = "contour-lab variants";

/// Takes over what was measured before on this adapter, and what the address forces.
pub fn recall(state: State, context: &Context) {
    let adapter = state.adapter_name.get_untracked();
    if let Some(remembered) = browser::recall(KEY) {
        // Of another adapter or another version: then it is measured anew.
        let _ = context.choices().from_json(&adapter, &remembered);
    }
    let search = window().location().search().unwrap_or_default();
    let Ok(asked) = UrlSearchParams::new_with_str(&search) else {
        return;
    };
    let asked = asked.get_all("variant").into_iter();
    let asked: Vec<String> = asked.filter_map(|value| value.as_string()).collect();
    let outcome = context
        .choices()
        .force_all(&asked.join(","), &selfcheck::variants());
    state.variant_fault.set(outcome.err());
}

/// Remembers what was measured.
pub fn keep(state: State, context: &Context) {
    let adapter = state.adapter_name.get_untracked();
    browser::remember(KEY, &context.choices().to_json(&adapter));
}

/// Says which variant in the address is not known.
#[component]
pub fn VariantBanner(fault: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        fault.get().map(|fault| {
            view! {
                <aside class="banner" role="alert" aria-label="Variants in the address">
                    <h2>"The address asks for a variant that is not known"</h2>
                    <p>{fault}</p>
                </aside>
            }
        })
    }
}

/// Each op with variants: which of them are known, forced, or were measured to be the fastest for a shape.
pub fn lines(context: &Context) -> Vec<String> {
    let choices = context.choices();
    let known = selfcheck::variants()
        .into_iter()
        .map(|(stem, names)| format!("{stem}: {}", names.join(", ")));
    let forced = choices
        .forced()
        .into_iter()
        .map(|[stem, variant]| format!("{stem}, every shape: {variant} (forced by the address)"));
    let measured = choices.measured().into_iter();
    let measured = measured
        .filter(|[.., names]| !names.is_empty())
        .map(|[stem, key, names]| {
            if key == LEFT_OUT {
                format!("{stem}, far behind on this adapter and not tried: {names}")
            } else {
                format!("{stem}, {key}: {names} (the fastest when measured)")
            }
        });
    known.chain(forced).chain(measured).collect()
}
