//! What is left of it after a reload?

mod panel;

pub use panel::{KeepToggle, KeptBanner, LeftRun};
