//! What a lesson needs of a run: its history, and the history as a file.

mod history;

pub use history::{History, Line, Series, Validation};
