//! The network that is asked without being trained.

use std::sync::Arc;

use leptos::prelude::*;

use crate::page::Made;

/// What the page knows of it; copied freely, a part of [`Training`].
#[derive(Clone, Copy)]
pub struct Asking {
    /// What the session in use was made of.
    pub made: RwSignal<Option<Arc<Made>>>,
    /// The session is being made.
    pub prepares: RwSignal<bool>,
    /// Why there is none, in words.
    pub fault: RwSignal<String>,
    /// Counted up by every session: what an older one reports is void.
    pub number: StoredValue<u32>,
}

impl Asking {
    pub fn new() -> Self {
        Self {
            made: RwSignal::new(None),
            prepares: RwSignal::new(false),
            fault: RwSignal::new(String::new()),
            number: StoredValue::new(0),
        }
    }

    pub fn is_current(self, number: u32) -> bool {
        self.number.try_get_value() == Some(number)
    }
}
