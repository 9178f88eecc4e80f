//! What is kept in the browser.

use std::sync::Arc;

use leptos::prelude::*;

use crate::lab::Cohort;
use crate::page::{Kept, Left};

/// What the page knows of it; copied freely, provided as context.
#[derive(Clone, Copy)]
pub struct Keeping {
    /// From an earlier visit, until the visitor has answered.
    pub offer: RwSignal<Option<Arc<Kept>>>,
    /// Number of the cohort of own scans that the visitor wants to be kept: said anew of each.
    pub own: RwSignal<Option<u64>>,
    /// The run that ended because another study was opened.
    pub left: RwSignal<Option<Arc<Left>>>,
    /// Why nothing is kept, in words.
    pub fault: RwSignal<String>,
    /// The cohort that is in the database.
    pub written: StoredValue<Option<Arc<Cohort>>>,
    /// This tab is the one that keeps.
    pub holds: StoredValue<bool>,
}
