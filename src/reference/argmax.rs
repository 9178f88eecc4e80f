//! Twin of `shaders/loss/argmax.wgsl`.

use super::Real;

/// The class of the largest logit, the first one of equals. logits (N, K, H, W) with `pixels` = H·W.
pub fn argmax<T: Real>(prediction: &mut [u32], logits: &[T], classes: usize, pixels: usize) {
    for pixel in 0..prediction.len() {
        let at = pixel / pixels * classes * pixels + pixel % pixels;
        let mut best = 0;
        for k in 1..classes {
            if logits[at + k * pixels] > logits[at + best * pixels] {
                best = k;
            }
        }
        prediction[pixel] = best as u32;
    }
}
