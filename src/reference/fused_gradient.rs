//! Twin of `shaders/loss/fused_gradient.wgsl`.

use super::Real;
use super::fused_sums::{Pixels, column, softmax};
use super::logit_gradient::pixel_gradient;
use super::pixel_terms::Rule;
use super::region_sums::Pairs;

/// The gradient dlogits (N, K, H, W) of a loss, from logits (N, K, H, W) with `pixels` = H·W and the `coefficients`
/// that `region_terms` leaves. `class_weight` (K).
pub fn fused_gradient<T: Real>(
    dlogits: &mut [T],
    logits: &[T],
    given: Pixels<'_, T>,
    class_weight: &[T],
    coefficients: &[T],
    pairs: Pairs<'_, T>,
    pixels: usize,
    rule: Rule<T>,
) {
    let classes = class_weight.len();
    let per_pixel = coefficients[coefficients.len() - 4];
    for pixel in 0..given.marks.len() {
        let (image, x) = (pixel / pixels, pixel % pixels);
        let (label, contour, weight) = given.at(pixel);
        let z = column(logits, image, x, classes, pixels);
        let field = column(given.field, image, x, classes, pixels);
        let gradient = pixel_gradient(
            &softmax(&z),
            &z,
            &field,
            (label, contour),
            class_weight,
            &coefficients[16 * image * classes..],
            per_pixel * weight,
            pairs,
            rule,
        );
        for (k, value) in gradient.into_iter().enumerate() {
            dlogits[(image * classes + k) * pixels + x] = value;
        }
    }
}
