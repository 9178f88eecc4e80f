//! A run keeps the screen awake, as far as the browser lets it: a laptop that sleeps computes nothing.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::page::Phase;
use crate::ui::ground::browser;
use crate::ui::ground::browser::WakeLock;
use crate::ui::store::Training;

/// Holds a lock while the run works. Browsers take it back when the tab is hidden, and are asked again when it is seen.
pub fn follow(training: Training) {
    let lock = StoredValue::new_local(None::<WakeLock>);
    let works = Memo::new(move |_| matches!(training.phase.get(), Phase::Running | Phase::Predicting));
    let ask = move || {
        if !works.get_untracked() {
            // What was held is let go of by its drop.
            lock.set_value(None);
            return;
        }
        spawn_local(async move {
            let held = browser::keep_awake().await;
            // The run may have ended meanwhile.
            if works.get_untracked() {
                lock.set_value(held);
            }
        });
    };
    Effect::new(move || {
        works.track();
        ask();
    });
    let seen = window_event_listener(
        leptos::ev::Custom::new("visibilitychange"),
        move |_: web_sys::Event| ask(),
    );
    on_cleanup(move || seen.remove());
}
