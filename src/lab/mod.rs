//! What a lesson needs of its data and of a run: the cohort, and the run's history, also as a file.

pub mod cohort;
mod history;

pub use cohort::Cohort;
pub use history::{History, Line, Series, Validation};
