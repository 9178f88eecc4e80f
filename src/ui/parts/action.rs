//! A button that keeps the focus while it has nothing to do.

use leptos::prelude::*;

/// Does `act` unless it is `off`. A disabled button would drop the focus of whoever has just pressed it.
#[component]
pub fn Action(
    #[prop(into)] off: Signal<bool>,
    act: impl Fn() + 'static,
    /// Besides `button`.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if !off.get_untracked() {
            act();
        }
    };
    view! {
        <button class=format!("button {class}") aria-disabled=move || off.get().then_some("true") on:click=press>
            {children()}
        </button>
    }
}
