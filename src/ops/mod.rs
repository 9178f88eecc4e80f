//! One file per shader stem: what an op is told ([`Uniform`](crate::gpu::Uniform)), what it binds, and how
//! its forward and backward dispatches are recorded.

pub mod activation;
pub mod contour;
pub mod dilate;
pub mod erode;
pub mod heatmap;
pub mod one_hot;
pub mod outline;
pub mod overlay;
pub mod slice;
pub mod weight_map;

use crate::gpu::Spec;

/// Every entry point of the house; `tests/contract.rs` holds each against its WGSL.
#[must_use]
pub fn all() -> Vec<&'static Spec> {
    [
        &[&activation::FORWARD, &activation::BACKWARD][..],
        &[&slice::PAINT, &overlay::PAINT, &outline::PAINT, &heatmap::PAINT],
        &[&one_hot::SPEC, &erode::SPEC, &dilate::SPEC],
        &[&contour::SPEC, &weight_map::SPEC],
    ]
    .concat()
}
