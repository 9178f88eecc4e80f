//! One file per shader stem: what an op is told ([`Uniform`](crate::gpu::Uniform)), what it binds, and how
//! its forward and backward dispatches are recorded.

pub mod activation;
pub mod argmax;
pub mod confusion;
pub mod contour;
pub mod dilate;
pub mod erode;
pub mod logit_gradient;
pub mod one_hot;
pub mod pixel_terms;
pub mod region_ratios;
pub mod region_sums;
pub mod region_terms;
pub mod softmax;
pub mod sum;
pub mod weight_map;

use crate::gpu::Spec;

/// Every entry point of the house; `tests/contract.rs` holds each against its WGSL.
#[must_use]
pub fn all() -> Vec<&'static Spec> {
    [
        &[&activation::FORWARD, &activation::BACKWARD][..],
        &[&one_hot::SPEC, &erode::SPEC, &dilate::SPEC],
        &[&contour::SPEC, &weight_map::SPEC],
        &[&softmax::FORWARD, &softmax::BACKWARD],
        &[&softmax::LOG_FORWARD, &softmax::LOG_BACKWARD],
        &[&pixel_terms::SPEC, &sum::SPEC],
        &[&region_sums::SPEC, &region_ratios::SPEC, &region_terms::SPEC],
        &[&logit_gradient::SPEC],
        &[&argmax::SPEC, &confusion::SPEC],
    ]
    .concat()
}
