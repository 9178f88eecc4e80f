//! Twin of `shaders/loss/logit_gradient.wgsl`.

use super::Real;

/// Turns the softmax p (N, K, H, W) in `dlogits` into the gradient: `scale·w·a_y (p − g)` from the cross-entropy,
/// and `∂L/∂p = a + b·g` through the softmax from the Dice. `coefficients` (N, K, 4) are a, b on the contour and
/// a, b off it; `scale` = α / (N·H·W); `pixels` = H·W.
pub fn logit_gradient<T: Real>(
    dlogits: &mut [T],
    labels: &[u32],
    contour: &[u32],
    weight: &[T],
    class_weight: &[T],
    coefficients: &[T],
    pixels: usize,
    scale: T,
) {
    let classes = class_weight.len();
    for pixel in 0..labels.len() {
        let row = pixel / pixels * classes;
        let at = row * pixels + pixel % pixels;
        let label = labels[pixel] as usize;
        let dp = |k: usize| {
            let on_contour = contour[pixel] >> k & 1 != 0;
            let ab = (row + k) * 4 + if on_contour { 0 } else { 2 };
            let [a, b] = [coefficients[ab], coefficients[ab + 1]];
            if k == label { a + b } else { a }
        };
        let cross_entropy = scale * weight[pixel] * class_weight[label];
        let mut mean = T::zero();
        for k in 0..classes {
            mean += dlogits[at + k * pixels] * dp(k);
        }
        for k in 0..classes {
            let i = at + k * pixels;
            let p = dlogits[i];
            let g = if k == label { T::one() } else { T::zero() };
            dlogits[i] = cross_entropy * (p - g) + p * (dp(k) - mean);
        }
    }
}
