//! Which study: a sample or the visitor's own files.

use leptos::prelude::*;

#[component]
pub fn StudyBar() -> impl IntoView {}
