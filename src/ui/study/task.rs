//! What the page is busy with, and the one error it has to tell.

use leptos::prelude::*;

#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    Idle,
    /// Such as "Reading abdomen_ct_a".
    Busy(String),
    /// What went wrong and what to do, in words. The previous study stays.
    Failed(String),
}

#[component]
pub fn TaskLine(#[prop(into)] task: Signal<Task>) -> impl IntoView {
    let text = move || match task.get() {
        Task::Idle => String::new(),
        Task::Busy(text) | Task::Failed(text) => text,
    };
    view! { <p class="task" role="status" aria-label="Loading">{text}</p> }
}
