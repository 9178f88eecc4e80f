//! The plans of the data at hand.

use leptos::prelude::*;

use crate::plan::{Aspect, Machine, Planned, Preset, Settings};

/// Copied freely; a part of [`Training`].
#[derive(Clone, Copy)]
pub struct Planning {
    /// What the visitor has asked for; if nothing, it is what a visit begins with.
    pub chosen: RwSignal<Option<Preset>>,
    /// The machine as it was known when the plans were made: what a run measures does not change its own plan.
    pub machine: RwSignal<Option<Machine>>,
    pub plans: Memo<Option<[Planned; 3]>>,
    /// The one of the plans that counts.
    pub planned: Memo<Option<Planned>>,
}

impl Planning {
    /// What differs from the plan of what it decides.
    pub fn changed(self, settings: RwSignal<Settings>) -> Vec<Aspect> {
        self.planned.with(|planned| {
            planned.as_ref().map_or_else(Vec::new, |planned| {
                settings.with(|it| it.changed(&planned.settings))
            })
        })
    }
}
