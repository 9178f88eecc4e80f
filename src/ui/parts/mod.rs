//! Controls that the panels share. Each has one visible label, and a name for whoever cannot see it.

mod action;
mod bar;
pub mod chart;
mod color_bar;
mod field;
mod later;
pub mod loss;
pub mod math;
mod number;
mod section;
mod segmented;
mod toggle;

pub use action::Action;
pub use bar::Bar;
pub use color_bar::{ColorBar, LossBar, ProbabilityBar, ends_and_zero};
pub use field::Field;
pub use later::Later;
pub use math::Formula;
pub use number::Number;
pub use section::{Section, SectionLinks};
pub use segmented::Segmented;
pub use toggle::Toggle;
