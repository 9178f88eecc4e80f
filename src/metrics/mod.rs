//! Overlap of a predicted label map with its reference.

mod overlap;

pub use overlap::{Outcome, Overlap, mean_dice};
