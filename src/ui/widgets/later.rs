//! A part of a panel that is built in a task of its own, so that several large ones do not hold up the page together.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::next_turn;

#[component]
pub fn Later(
    /// Turns that the others have before it.
    turns: usize,
    children: ChildrenFn,
) -> impl IntoView {
    let due = RwSignal::new(false);
    spawn_local(async move {
        for _ in 0..turns {
            next_turn().await;
        }
        // The panel may be gone by now.
        let _ = due.try_set(true);
    });
    move || due.get().then(|| children())
}
