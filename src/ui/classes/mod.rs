use leptos::prelude::*;

#[component]
pub fn ClassPanel() -> impl IntoView {}
