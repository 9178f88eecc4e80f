//! A number, by slider and by keyboard.

use crate::page::trim;
use leptos::prelude::*;

use super::math::symbols;

/// A range and a number field that show one value. The field takes any number: whether it makes sense is
/// for the panel to say in words.
#[component]
pub fn Number(
    /// The visible label, and the name of both controls.
    #[prop(into)]
    name: String,
    /// What it means, in a few words.
    #[prop(optional, into)]
    hint: Signal<&'static str>,
    #[prop(into)] value: Signal<f64>,
    set: impl Fn(f64) + Clone + 'static,
    /// The slider's ends.
    low: f64,
    high: f64,
    step: f64,
    #[prop(optional)] unit: &'static str,
    /// The slider runs over powers of ten: ends and step are exponents.
    #[prop(optional)]
    powers: bool,
) -> impl IntoView {
    let set_field = set.clone();
    let slide = move |event| {
        if let Ok(number) = event_target_value(&event).parse::<f64>() {
            set(if powers { 10_f64.powf(number) } else { number });
        }
    };
    // No number at all is as wrong as one out of range, and is said in the same place.
    let commit = move |event| set_field(event_target_value(&event).parse().unwrap_or(f64::NAN));
    let text = move || trim(value.get());
    let slider = format!("{name}, slider");
    let position = move || if powers { trim(value.get().log10()) } else { text() };
    view! {
        <div class="number">
            <span class="number__name" aria-hidden="true">{symbols(&name)}</span>
            <input
                type="range" min=low max=high step=step
                aria-label=slider aria-valuetext=text
                prop:value=position on:input=slide
            />
            <span class="number__field">
                <input type="number" step="any" aria-label=name prop:value=text on:change=commit/>
                <span class="number__unit">{unit}</span>
            </span>
            <span class="number__hint">{move || symbols(hint.get())}</span>
        </div>
    }
}
