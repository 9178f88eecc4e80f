//! Controls that the panels share. Each has one visible label, and a name for whoever cannot see it.

mod action;
mod bar;
mod field;
mod later;
pub mod math;
mod number;
mod section;
mod segmented;
mod toggle;

pub use action::Action;
pub use bar::Bar;
pub use field::Field;
pub use later::Later;
pub use math::Formula;
pub use number::{Number, figure, grouped, trim};
pub use section::{Section, SectionLinks};
pub use segmented::Segmented;
pub use toggle::Toggle;
