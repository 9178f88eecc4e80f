use leptos::prelude::*;

#[component]
pub fn ContourPanel() -> impl IntoView {}
