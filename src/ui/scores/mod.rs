//! How good is it?

use leptos::prelude::*;

#[component]
pub fn ScorePanel() -> impl IntoView {
    view! { <p class="muted">"Scores are not here yet."</p> }
}
