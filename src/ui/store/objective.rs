//! What a run is to learn from: the contour and the loss.

use leptos::prelude::*;

use crate::contour::Choice;
use crate::loss::Params;

/// What a run is to learn from: the contour and the loss. Copied freely.
#[derive(Clone, Copy)]
pub struct Objective {
    /// What is meant by the contour. May be invalid: ask `validate()`.
    pub contour: RwSignal<Choice>,
    /// What the loss weighs. May be invalid: ask `validate()`.
    pub loss: RwSignal<Params>,
}

impl Objective {
    pub fn new() -> Self {
        Self {
            contour: RwSignal::new(Choice::default()),
            loss: RwSignal::new(Params::default()),
        }
    }
}
