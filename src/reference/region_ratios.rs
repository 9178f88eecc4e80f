//! Twin of `shaders/loss/region_ratios.wgsl`.

use super::Real;

/// Ratios (pools, 2, 4): for the contour and the rest of each pool `a, b, D, 1 if it counts`, with
/// `D = 1 − (2I + ε) / (U + ε)` and `∂D/∂p = a + b·g`. `sums` (N, K, 2, 3) are Σpg, Σp, Σg.
pub fn region_ratios<T: Real>(
    ratios: &mut [T],
    sums: &[T],
    classes: usize,
    by_sample: bool,
    by_class: bool,
    exclude: bool,
    epsilon: T,
) {
    let samples = sums.len() / (6 * classes);
    let across = if by_class { classes - 1 } else { 1 };
    let pools = if by_sample { samples * across } else { across };
    for pool in 0..pools {
        let (image, class) = (pool / across, 1 + pool % across);
        let images = if by_sample { image..image + 1 } else { 0..samples };
        let members = if by_class { class..class + 1 } else { 1..classes };
        let mut pooled = [T::zero(); 6];
        for n in images {
            for k in members.clone() {
                for q in 0..6 {
                    pooled[q] += sums[(n * classes + k) * 6 + q];
                }
            }
        }
        let counts = !exclude || pooled[2] + pooled[5] > T::zero();
        for set in 0..2 {
            let [pg, p, g] = [pooled[3 * set], pooled[3 * set + 1], pooled[3 * set + 2]];
            let two = T::of(2.0);
            let below = p + g + epsilon;
            let ratio = [
                (two * pg + epsilon) / below / below,
                -two / below,
                (p + g - two * pg) / below,
                T::one(),
            ];
            for q in 0..4 {
                ratios[(2 * pool + set) * 4 + q] = if counts { ratio[q] } else { T::zero() };
            }
        }
    }
}
