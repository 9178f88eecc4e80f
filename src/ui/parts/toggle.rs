//! On or off.

use leptos::prelude::*;

#[component]
pub fn Toggle(
    name: &'static str,
    #[prop(into)] value: Signal<bool>,
    #[prop(into, optional)] disabled: Signal<bool>,
    set: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <label class="toggle">
            <input
                type="checkbox" prop:checked=value disabled=disabled on:change=move |event| set(event_target_checked(&event))
            />
            <span>{name}</span>
        </label>
    }
}
