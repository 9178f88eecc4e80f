//! The page.
/// Mounts the page.
pub fn mount() {}
