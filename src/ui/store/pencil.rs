//! What is in hand.

use leptos::prelude::*;

use super::State;

/// Widest brush, in pixels.
pub const WIDEST: u32 = 31;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    None,
    Pen,
    /// Draws background.
    Eraser,
}

/// What is in hand; copied freely.
#[derive(Clone, Copy)]
pub struct Pencil {
    pub tool: RwSignal<Tool>,
    /// Diameter in pixels of the slice.
    pub size: RwSignal<u32>,
    /// What the pen draws.
    pub class: RwSignal<u8>,
    /// The pixel to which the stroke under way has come.
    pub last: StoredValue<Option<[i32; 2]>>,
}

impl Pencil {
    pub fn new() -> Self {
        Self {
            tool: RwSignal::new(Tool::None),
            size: RwSignal::new(5),
            class: RwSignal::new(1),
            last: StoredValue::new(None),
        }
    }

    /// The class that the tool draws.
    pub fn paints(self) -> u8 {
        match self.tool.get_untracked() {
            Tool::Pen => self.class.get_untracked(),
            Tool::None | Tool::Eraser => 0,
        }
    }

    pub fn resize(self, by: i32) {
        self.size
            .update(|size| *size = size.saturating_add_signed(by).clamp(1, WIDEST));
    }

    pub fn next_class(self, state: State, by: i32) {
        let count = state
            .data
            .study
            .with_untracked(|study| study.as_ref().map_or(0, |study| study.classes.len()));
        if count > 0 {
            self.class
                .update(|class| *class = (i32::from(*class) + by).rem_euclid(count as i32) as u8);
        }
    }
}
