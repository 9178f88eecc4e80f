//! One file per shader stem: what an op is told ([`Uniform`](crate::gpu::Uniform)), what it binds, and how
//! its forward and backward dispatches are recorded.
//!
//! - Outputs first. A `shape` is (N, C, H, W) of the op's input `x`.
//! - The gradient of an activation goes into a [`Sink`]: written or added to, as a skip needs that is the input of
//!   two nodes. The gradient of a parameter is **always added to**; the caller clears it.
//! - An op that reduces in two passes takes its scratch from the recording, hence its `Result`; how much of it says
//!   a function beside, for the memory plan.

pub mod activation;
pub mod adam;
pub mod add;
pub mod agreement;
pub mod argmax;
pub mod attend;
pub mod average;
pub mod batch;
pub mod between_objects;
pub mod channel_sum;
pub mod concat;
pub mod confusion;
pub mod contour;
pub mod conv1x1;
pub mod conv3x3;
pub mod dilate;
pub mod distance_powers;
pub mod distance_transform;
pub mod erode;
pub mod fused;
pub mod fused_gradient;
pub mod fused_sums;
pub mod gradient_norm;
pub mod heatmap;
pub mod label_contour;
pub mod logit_gradient;
pub mod marks;
pub mod multiply_add;
pub mod near_contour;
pub mod norm;
pub mod numbers;
pub mod one_hot;
pub mod outline;
pub mod overlay;
pub mod partial_sum;
pub mod pixel_shares;
pub mod pixel_terms;
pub mod pool;
pub mod region_ratios;
pub mod region_sums;
pub mod region_terms;
pub mod sgd;
pub mod sigmoid;
pub mod signed_distance;
mod sink;
pub mod slice;
pub mod softmax;
pub mod sum;
pub mod threshold;
pub mod upsample;
pub mod weight_map;
pub mod worst_pixels;

pub use sink::Sink;

use crate::gpu::Spec;

/// Every entry point of the house; `tests/source/contract.rs` holds each against its WGSL.
#[must_use]
pub fn all() -> Vec<&'static Spec> {
    let mut specs: Vec<&'static Spec> = Vec::new();
    specs.extend([&activation::FORWARD, &activation::BACKWARD]);
    specs.extend(conv3x3::specs());
    specs.extend([&conv1x1::FORWARD, &conv1x1::BACKWARD_WEIGHT]);
    specs.extend([&batch::IMAGES, &batch::MAPS]);
    specs.extend([&channel_sum::CHANNEL_SUM]);
    specs.extend([&partial_sum::PARTIAL_SUM]);
    specs.extend([&adam::ADAM]);
    specs.extend([&sgd::SGD]);
    specs.extend(gradient_norm::SPECS);
    specs.extend([&average::AVERAGE]);
    specs.extend([&one_hot::SPEC]);
    specs.extend([&erode::SPEC]);
    specs.extend([&dilate::SPEC]);
    specs.extend([&contour::SPEC]);
    specs.extend([&weight_map::SPEC]);
    specs.extend([&label_contour::SPEC, &marks::SPEC]);
    specs.extend([&distance_transform::FIRST, &distance_transform::NEXT]);
    specs.extend([&signed_distance::SPEC]);
    specs.extend([&softmax::SPEC]);
    specs.extend([&near_contour::MARK, &near_contour::WEIGH]);
    specs.extend([&between_objects::FIRST, &between_objects::WEIGH]);
    specs.extend([&pixel_terms::SPEC]);
    specs.extend([&pixel_shares::SPEC]);
    specs.extend([&threshold::SPEC]);
    specs.extend(worst_pixels::SPECS);
    specs.extend([&distance_powers::SPEC]);
    specs.extend([&sum::SPEC]);
    specs.extend([&region_sums::SPEC]);
    specs.extend(&fused_sums::SPECS);
    specs.extend(&fused_gradient::SPECS);
    specs.extend([&region_ratios::SPEC]);
    specs.extend([&region_terms::SPEC]);
    specs.extend([&logit_gradient::SPEC]);
    specs.extend([&argmax::SPEC]);
    specs.extend([&confusion::SPEC]);
    specs.extend([&multiply_add::SPEC]);
    specs.extend([&slice::PAINT]);
    specs.extend([&overlay::PAINT]);
    specs.extend([&outline::PAINT]);
    specs.extend([&heatmap::PAINT]);
    specs.extend([&agreement::PAINT]);
    specs.extend(norm::SPECS);
    specs.extend(pool::SPECS);
    specs.extend(add::SPECS);
    specs.extend(attend::SPECS);
    specs.extend(sigmoid::SPECS);
    specs.extend(upsample::SPECS);
    specs
}

/// Ops of which there are several kernels for one task, with the kernels' names in
/// [`Choices`](crate::gpu::Choices).
#[must_use]
pub fn variants() -> Vec<(&'static str, &'static [&'static str])> {
    vec![
        (conv3x3::STEM, &conv3x3::NAMES),
        (conv3x3::WEIGHT_STEM, &conv3x3::WEIGHT_NAMES),
    ]
}

/// Invocations that a reduction is split into: enough for the largest cards, few enough that the partial
/// sums stay small (4096 × 36 weights are 576 KiB).
const REDUCING: usize = 4096;

/// Into how many strips a reduction of `tiles` independent sums is cut, at most `most`.
fn strips(tiles: usize, most: usize) -> usize {
    (REDUCING / tiles).clamp(1, most)
}
