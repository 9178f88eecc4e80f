//! Has a step of the run measured.

use leptos::prelude::Update;

use crate::page::benchmark::Stage;
use crate::train::Command;
use crate::ui::store::{State, Training};

impl Training {
    /// Measures the session's step, or that of a new session if there is none.
    pub fn measure(self, state: State) {
        self.ask(state, Command::Profile);
        self.benchmark.update(|it| it.stage = Some(Stage::Waiting));
    }
}
