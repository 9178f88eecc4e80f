//! Twin of `shaders/loss/threshold.wgsl`.

use super::Real;

/// The classes that are likelier than not: bits (N, H, W), class k at bit k, of p (N, K, H, W); `pixels` = H·W.
pub fn threshold<T: Real>(bits: &mut [u32], p: &[T], classes: usize, pixels: usize) {
    let half = T::of(0.5);
    for pixel in 0..bits.len() {
        let at = pixel / pixels * classes * pixels + pixel % pixels;
        bits[pixel] = 0;
        for k in 0..classes {
            if p[at + k * pixels] > half {
                bits[pixel] |= 1 << k;
            }
        }
    }
}
