//! A few choices that exclude each other, all in sight.

use leptos::prelude::*;

/// A radio group drawn as one bar. `options` are values with their visible names.
#[component]
pub fn Segmented<T: Copy + PartialEq + Send + Sync + 'static>(
    name: &'static str,
    options: Vec<(T, &'static str)>,
    #[prop(into)] value: Signal<T>,
    set: impl Fn(T) + Clone + 'static,
) -> impl IntoView {
    let group = format!("{}-{}", name.to_lowercase().replace(' ', "-"), next_id());
    let option = move |(option, label): (T, &'static str)| {
        let set = set.clone();
        view! {
            <label class="segmented__option">
                <input
                    type="radio"
                    name=group.clone()
                    prop:checked=move || value.get() == option
                    on:change=move |_| set(option)
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segmented" role="radiogroup">
            <legend>{name}</legend>
            <div class="segmented__bar">{options.into_iter().map(option).collect_view()}</div>
        </fieldset>
    }
}

/// Tells controls of the same name apart.
fn next_id() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
