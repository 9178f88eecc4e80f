//! One file per shader stem: what an op is told ([`Uniform`](crate::gpu::Uniform)), what it binds, and how
//! its forward and backward dispatches are recorded.

pub mod activation;

use crate::gpu::Spec;

/// Every entry point of the house; `tests/contract.rs` holds each against its WGSL.
#[must_use]
pub fn all() -> Vec<&'static Spec> {
    [&[&activation::FORWARD, &activation::BACKWARD][..]].concat()
}
