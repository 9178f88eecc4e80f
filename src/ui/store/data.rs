//! What is open: the study on screen, the cohort that it is of, and the files that wait.

use std::sync::Arc;

use leptos::prelude::*;

use super::Task;
use crate::edit::Edits;
use crate::lab::{Catalogue, Cohort, Overview};
use crate::page::Study;
use crate::ui::ground::files::Picked;

/// What is open: the study on screen, the cohort that it is of, and the files that wait. Copied freely.
#[derive(Clone, Copy)]
pub struct Data {
    /// The study on screen; the previous one stays until the next is good.
    pub study: RwSignal<Option<Arc<Study>>>,
    /// The strokes over its labels, and the one under way.
    pub edits: RwSignal<Edits>,
    /// The subjects that are open, and all that is decided about them; see [`edit`](super::study::edit).
    pub cohort: RwSignal<Option<Arc<Cohort>>>,
    /// The last cohort that was left with strokes on it.
    pub left: RwSignal<Option<Arc<Cohort>>>,
    /// The samples on offer.
    pub samples: RwSignal<Catalogue>,
    /// The visitor's files that leave a question open.
    pub intake: RwSignal<Option<Overview>>,
    /// The engine holds the files of the open cohort, to be changed once more.
    pub opened: RwSignal<bool>,
    /// The files of both, as the browser holds them.
    pub files: StoredValue<Vec<Picked>, LocalStorage>,
    /// What the page is busy with, or what went wrong with it.
    pub task: RwSignal<Task>,
}

impl Data {
    pub fn new() -> Self {
        Self {
            study: RwSignal::new(None),
            edits: RwSignal::new(Edits::new(Arc::default())),
            cohort: RwSignal::new(None),
            left: RwSignal::new(None),
            samples: RwSignal::new(Catalogue::new()),
            intake: RwSignal::new(None),
            opened: RwSignal::new(false),
            files: StoredValue::new_local(Vec::new()),
            task: RwSignal::new(Task::Idle),
        }
    }
}
