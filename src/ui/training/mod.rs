//! How does the network learn?

use leptos::prelude::*;

#[component]
pub fn TrainingPanel() -> impl IntoView {
    view! { <p class="muted">"Training is not here yet."</p> }
}
