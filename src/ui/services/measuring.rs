//! Has a predicted volume measured class by class.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::{Reply, Request};
use crate::metrics::{Comparison, Field};
use crate::ui::State;
use crate::ui::engine::Replies;
use crate::ui::training::{PredictedVolume, Training};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Volume,
    /// The axial slice under the crosshair.
    Slice,
}

/// What has been measured so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub of: Arc<PredictedVolume>,
    /// `None` for the volume.
    pub slice: Option<usize>,
    pub field: Field,
    /// Foreground classes in their order, the first ones where not all are there yet.
    pub classes: Vec<Arc<Comparison>>,
    /// Foreground classes in all.
    pub count: usize,
}

impl Measured {
    fn new(of: Arc<PredictedVolume>, slice: Option<usize>) -> Self {
        let field = if slice.is_some() {
            of.slice_field()
        } else {
            of.field()
        };
        Self {
            slice,
            field,
            classes: Vec::new(),
            count: of.study.classes.len() - 1,
            of,
        }
    }

    pub fn is_complete(&self) -> bool {
        self.classes.len() == self.count
    }

    /// Predicted and reference labels of the volume or of the slice.
    fn labels(&self) -> [&[u8]; 2] {
        let start = self.slice.unwrap_or(0) * self.field.len();
        let of = &self.of;
        [&of.labels, &of.study.labels].map(|labels| &labels[start..start + self.field.len()])
    }
}

/// Measures whatever was predicted last, anew for another slice.
pub fn follow(state: State, training: Training, scope: RwSignal<Scope>) -> RwSignal<Option<Measured>> {
    let measured = RwSignal::new(None);
    let last = Memo::new(move |_| training.volume.with(|volume| volume.last.clone()));
    let slice = Memo::new(move |_| (scope.get() == Scope::Slice).then(|| state.cursor.get()[2]));
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
        let replies = state.engine().ask(Request::Measure {
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
