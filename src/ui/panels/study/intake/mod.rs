//! The visitor's own files: which belong together, what is wrong, and what can be done.

mod hand;
mod panel;

pub use panel::IntakePanel;
