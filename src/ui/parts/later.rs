//! What can wait until the page has nothing better to do: built in a task of its own, so that several large parts do not
//! hold up each other, or the first picture.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::ground::browser;

#[component]
pub fn Later(
    /// What it has to wait for as well.
    #[prop(into, default = true.into())]
    after: Signal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let due = RwSignal::new(false);
    Effect::new(move || {
        if after.get() && !due.get_untracked() {
            spawn_local(async move {
                browser::idle().await;
                // Whoever wanted it may be gone by now.
                let _ = due.try_set(true);
            });
        }
    });
    move || due.get().then(|| children())
}
