//! A number by keyboard alone.

use leptos::prelude::*;

use crate::page::trim;

#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] value: Signal<f64>,
    set: impl Fn(f64) + 'static,
    #[prop(into)] unit: Signal<&'static str>,
) -> impl IntoView {
    let commit = move |event| {
        if let Ok(number) = event_target_value(&event).parse() {
            set(number);
        }
    };
    view! {
        <label class="field">
            <span class="field__name">{name}</span>
            <input type="number" step="any" aria-label=name prop:value=move || trim(value.get()) on:change=commit/>
            <span class="field__unit">{unit}</span>
        </label>
    }
}
