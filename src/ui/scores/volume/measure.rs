//! Measures a predicted volume class by class, and lets the page paint in between.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::metrics::{Comparison, Field, Measuring};
use crate::ui::training::{PredictedVolume, Training, yield_to_page};
use crate::ui::{State, browser};

/// Points between two looks at the clock: well under a millisecond.
const POINTS: usize = 500;
/// Half a frame of 60 a second: the other half is the page's.
const TURN_MS: f64 = 8.0;

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
        spawn_local(measure(Measured::new(of, slice), measured, move || {
            newest.try_get_value() == Some(job)
        }));
    });
    measured
}

async fn measure(mut now: Measured, measured: RwSignal<Option<Measured>>, is_wanted: impl Fn() -> bool) {
    let mut turn_began = browser::now_ms();
    for class in 1..=now.count {
        let comparison = {
            let [predicted, reference] = now.labels();
            let mut measuring = Measuring::new(predicted, reference, class as u8, now.field);
            while !measuring.advance(POINTS) {
                if browser::now_ms() - turn_began > TURN_MS {
                    yield_to_page().await;
                    if !is_wanted() {
                        return;
                    }
                    turn_began = browser::now_ms();
                }
            }
            measuring.finish()
        };
        now.classes.push(Arc::new(comparison));
        // A slice is measured in no time: its table changes at once and as a whole.
        if now.slice.is_none() || now.is_complete() {
            measured.set(Some(now.clone()));
        }
    }
}
