//! What if the label were wrong? The tools, and the ring under the pointer.

mod controls;
mod ring;

pub use controls::EditControls;
pub use ring::Ring;
