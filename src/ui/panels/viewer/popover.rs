//! Controls that are out of the way until they are asked for.

use leptos::prelude::*;

/// A button that opens a small sheet over the picture; of several only one is open.
#[component]
pub fn Popover(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <details class="popover" name="viewer-popover">
            <summary>{name}</summary>
            <div class="popover__body">{children()}</div>
        </details>
    }
}
