//! Has a predicted volume measured class by class.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::{Reply, Request};
use crate::page::scores::{Measured, Scope};
use crate::ui::ground::engine::Replies;
use crate::ui::store::{State, Training};

/// Measures whatever was predicted last, anew for another slice.
pub fn follow(state: State, training: Training, scope: RwSignal<Scope>) -> RwSignal<Option<Measured>> {
    let measured = RwSignal::new(None);
    let last = Memo::new(move |_| training.volume.with(|volume| volume.last.clone()));
    let slice = Memo::new(move |_| (scope.get() == Scope::Slice).then(|| state.view.cursor.get()[2]));
    // Counted up by every job: an older one finds that it is not wanted any more.
    let newest = StoredValue::new(0_u32);
    Effect::new(move || {
        let job = newest.get_value() + 1;
        newest.set_value(job);
        let Some(of) = last.get() else {
            return measured.set(None);
        };
        // Of a study that is not on screen any more there may be fewer slices.
        let slice = slice.get().map(|slice| slice.min(of.study.shape[2] - 1));
        let now = Measured::new(of, slice);
        let [predicted, reference] = now.labels().map(<[u8]>::to_vec);
        let replies = state.compute.engine().ask(Request::Measure {
            predicted,
            reference,
            field: now.field,
            classes: now.count + 1,
        });
        spawn_local(take(now, replies, measured, move || {
            newest.try_get_value() == Some(job)
        }));
    });
    measured
}

async fn take(
    mut now: Measured,
    mut replies: Replies,
    measured: RwSignal<Option<Measured>>,
    is_wanted: impl Fn() -> bool,
) {
    while let Some(reply) = replies.next().await {
        if !is_wanted() {
            return;
        }
        let Reply::Compared(comparison) = reply else {
            return;
        };
        now.classes.push(Arc::from(comparison));
        // A slice is measured in no time: its table changes at once and as a whole.
        if now.slice.is_none() || now.is_complete() {
            measured.set(Some(now.clone()));
        }
        if now.is_complete() {
            return;
        }
    }
}
