//! Twin of `shaders/loss/pixel_terms.wgsl`.

use super::Real;

/// `a_y · w · −log p_y` of each pixel. logits (N, K, H, W) with `pixels` = H·W; labels (below K) and weight
/// (N, H, W); class_weight (K).
pub fn pixel_terms<T: Real>(
    values: &mut [T],
    logits: &[T],
    labels: &[u32],
    weight: &[T],
    class_weight: &[T],
    pixels: usize,
) {
    let classes = class_weight.len();
    for pixel in 0..labels.len() {
        let at = pixel / pixels * classes * pixels + pixel % pixels;
        let mut largest = logits[at];
        for k in 1..classes {
            largest = largest.max(logits[at + k * pixels]);
        }
        let mut sum = T::zero();
        for k in 0..classes {
            sum += (logits[at + k * pixels] - largest).exp();
        }
        let label = labels[pixel] as usize;
        let cross_entropy = sum.ln() - (logits[at + label * pixels] - largest);
        values[pixel] = class_weight[label] * weight[pixel] * cross_entropy;
    }
}
