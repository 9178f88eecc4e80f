//! One file per shader stem: what an op is told ([`Uniform`](crate::gpu::Uniform)), what it binds, and how
//! its forward and backward dispatches are recorded.
//!
//! - Outputs first. A `shape` is (N, C, H, W) of the op's input `x`.
//! - The gradient of an activation takes `accumulate`: false writes it, true adds to it, as a skip needs that
//!   is the input of two nodes. The gradient of a parameter is **always added to**; the caller clears it.
//! - An op that reduces in two passes takes its scratch from the recording, hence its `Result`.

pub mod activation;
pub mod adam;
pub mod channel_sum;
pub mod concat;
pub mod argmax;
pub mod confusion;
pub mod contour;
pub mod conv1x1;
pub mod conv3x3;
pub mod conv_transpose2x2;
pub mod dilate;
pub mod erode;
pub mod norm;
pub mod one_hot;
pub mod partial_sum;
pub mod pool;
pub mod sgd;
pub mod upsample;
pub mod logit_gradient;
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
    let mut specs = vec![&activation::FORWARD, &activation::BACKWARD];
    specs.extend([&conv3x3::PACK, &conv3x3::FORWARD, &conv3x3::BACKWARD_WEIGHT]);
    specs.extend([&conv1x1::FORWARD, &conv1x1::BACKWARD_WEIGHT]);
    specs.extend(conv_transpose2x2::SPECS);
    specs.extend(norm::SPECS);
    specs.extend(pool::SPECS);
    specs.extend(upsample::SPECS);
    specs.extend([&concat::FORWARD, &concat::BACKWARD]);
    specs.extend([&channel_sum::CHANNEL_SUM, &partial_sum::PARTIAL_SUM]);
    specs.extend([&adam::ADAM, &sgd::SGD]);
    specs.extend([&one_hot::SPEC, &erode::SPEC, &dilate::SPEC]);
    specs.extend([&contour::SPEC, &weight_map::SPEC]);
    specs.extend([&softmax::FORWARD, &softmax::BACKWARD]);
    specs.extend([&softmax::LOG_FORWARD, &softmax::LOG_BACKWARD]);
    specs.extend([&pixel_terms::SPEC, &sum::SPEC]);
    specs.extend([&region_sums::SPEC, &region_ratios::SPEC, &region_terms::SPEC]);
    specs.extend([&logit_gradient::SPEC, &argmax::SPEC, &confusion::SPEC]);
    specs
}

/// Invocations that a reduction is split into: enough for the largest cards, few enough that the partial
/// sums stay small (4096 × 36 weights are 576 KiB).
const REDUCING: usize = 4096;

/// Into how many strips a reduction of `tiles` independent sums is cut, at most `most`.
fn strips(tiles: usize, most: usize) -> usize {
    (REDUCING / tiles).clamp(1, most)
}
