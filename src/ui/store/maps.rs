//! What follows from the study, the place and the choice of contour.

use std::sync::Arc;

use leptos::prelude::*;

use crate::page::{Extents, Shown};

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
