//! Which loss, and its parameters.

mod controls;
mod menu;

pub use controls::{Controls, label};
pub use menu::Menu;
