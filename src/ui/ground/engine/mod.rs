//! The way to the engine: workers, or the page's own thread where that has to do.
//!
//! There are two of them: the engine reads files and trains; the studio paints and explains what is on screen, which must
//! wait neither for a file that is inflated nor behind the steps in a device's queue.

mod boot;
mod link;
mod studio;

pub use boot::{asked_processor, own_build, word};
pub use link::{Link, Replies};
pub use studio::{Screen, Studio};
