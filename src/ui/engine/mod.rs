//! The way to the engine: a worker, or the page's own thread where that has to do.

mod boot;
mod link;

pub use boot::EngineBanner;
pub use link::{Link, Replies};
