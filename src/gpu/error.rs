//! What can go wrong between the page and the graphics card.

use serde::{Deserialize, Serialize};

/// Every variant is a state of the page, not a panic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// `navigator.gpu` is hidden because the page came over plain http: check the address.
    #[error(
        "WebGPU is only offered to secure pages, and this one came over plain http. Open it over https, or on localhost."
    )]
    InsecureContext,
    /// The browser has no WebGPU at all: check its version and its settings.
    #[error(
        "This browser does not offer WebGPU. Current Chrome, Edge, Safari 26 and Firefox 141 (Windows, macOS 145) have it; on Linux, Chrome may need chrome://flags/#enable-unsafe-webgpu."
    )]
    NoApi,
    /// The API is there, but no adapter answered: check hardware acceleration and the driver.
    #[error(
        "WebGPU is present but no graphics adapter answered. Switch hardware acceleration on in the browser's settings and update the graphics driver. ({0})"
    )]
    NoAdapter(String),
    /// The adapter refused a device with the default limits.
    #[error(
        "The graphics adapter refused to open a device: {0}. Close other tabs that use the GPU and reload."
    )]
    NoDevice(String),
    /// The device went away while it was in use.
    #[error("The graphics device was lost: {0}. Reload the page; weights saved before are kept.")]
    Lost(String),
    /// A tensor is larger than the limits allow: choose a smaller size.
    #[error(
        "{label} needs {bytes} bytes, more than the {limit} bytes this adapter allows in one buffer. Choose a smaller image size, batch or width."
    )]
    TooLarge { label: String, bytes: u64, limit: u64 },
    /// Results could not be read back; usually the device was lost.
    #[error("Results could not be read back from the graphics device: {0}. Reload the page.")]
    Readback(String),
}
