//! Controls that the panels share. Each has one visible label, and a name for whoever cannot see it.

mod field;
mod number;
mod section;
mod segmented;
mod toggle;

pub use field::Field;
pub use number::Number;
pub use section::{Section, SectionLinks};
pub use segmented::Segmented;
pub use toggle::Toggle;
