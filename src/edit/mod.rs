//! A label that is drawn on: which pixels a brush covers, and strokes that can be taken back slice by slice.

mod brush;
mod edits;

pub use brush::sweep;
pub use edits::{Edits, Sheet};
