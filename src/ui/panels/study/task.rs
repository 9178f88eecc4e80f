//! What the page is busy with, and the one error that it has to tell.

use crate::ui::store::Task;
use leptos::prelude::*;

#[component]
pub fn TaskLine(task: RwSignal<Task>) -> impl IntoView {
    let busy = move || match task.get() {
        Task::Busy(text) => format!("{text}…"),
        _ => String::new(),
    };
    let failed = move || match task.get() {
        Task::Failed(text) => Some(text),
        _ => None,
    };
    view! {
        <p class="task" role="status" aria-label="Loading">{busy}</p>
        {move || failed().map(|text| view! {
            <div class="fault" role="alert">
                <p>{text}</p>
                <button class="button" on:click=move |_| task.set(Task::Idle)>"Dismiss"</button>
            </div>
        })}
    }
}
