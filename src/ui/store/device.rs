//! Where the page stands with the graphics card.

use crate::engine::Adapter;
use crate::gpu::Error;

/// Where the page stands with the graphics card.
#[derive(Clone, Debug)]
pub enum Device {
    Opening,
    Ready(Adapter),
    /// Insecure page, no API, no adapter, no device, or lost in use.
    Absent(Error),
}
