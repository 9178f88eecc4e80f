use leptos::prelude::*;

#[component]
pub fn LossPanel() -> impl IntoView {}
