//! The slice on screen with its contour, and the contour's share of each class.

mod extents;
mod shown;

use leptos::prelude::*;

use crate::ui::store::State;
pub use shown::follow as follow_plane;

/// Keeps the maps up to date.
pub fn follow(state: State) {
    follow_plane(
        state,
        state.view.plane.into(),
        Signal::stored(true),
        state.maps.shown,
    );
    extents::follow(state);
}
