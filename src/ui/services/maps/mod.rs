//! The slice on screen with its contour, and the contour's share of each class.

mod cut;
mod extents;
mod shown;

use std::sync::Arc;

use leptos::prelude::*;

pub use cut::Cut;
pub use extents::Extents;
pub use shown::{Shown, follow as follow_plane};

use super::State;

/// What follows from the study, the place and the choice of contour.
#[derive(Clone, Copy)]
pub struct Maps {
    /// Slice, labels and contour that belong together; lags behind the slider by the time of one contour.
    pub shown: RwSignal<Option<Arc<Shown>>>,
    /// Pixels and contour pixels of each class in the whole volume.
    pub extents: RwSignal<Extents>,
}

impl Maps {
    pub fn new() -> Self {
        Self {
            shown: RwSignal::new(None),
            extents: RwSignal::new(Extents::default()),
        }
    }
}

/// Keeps the maps up to date.
pub fn follow(state: State) {
    follow_plane(state, state.plane.into(), Signal::stored(true), state.maps.shown);
    extents::follow(state);
}
