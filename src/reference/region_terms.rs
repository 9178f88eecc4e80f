//! Twin of `shaders/loss/region_terms.wgsl`.

use super::Real;

/// What the kernel is told.
#[derive(Clone, Copy, Debug)]
pub struct Weights<T> {
    pub alpha: T,
    pub beta: T,
    pub lambda_contour: T,
    pub lambda_noncontour: T,
}

/// Terms (total, cross_entropy, dice, dice_contour, dice_noncontour) and coefficients (N, K, 4): a, b on the
/// contour, a, b off it. `ratios` (pools, 2, 4); `pixels` = N·H·W.
pub fn region_terms<T: Real>(
    terms: &mut [T],
    coefficients: &mut [T],
    ratios: &[T],
    cross_entropy_sum: T,
    classes: usize,
    by_sample: bool,
    by_class: bool,
    pixels: usize,
    weights: Weights<T>,
) {
    let rows = coefficients.len() / 4;
    let across = if by_class { classes - 1 } else { 1 };
    let pools = if by_sample {
        rows / classes * across
    } else {
        across
    };
    let mut counting = T::zero();
    let mut dice = [T::zero(); 2];
    for pool in 0..pools {
        counting += ratios[pool * 8 + 3];
        dice[0] += ratios[pool * 8 + 2];
        dice[1] += ratios[pool * 8 + 6];
    }
    counting = counting.max(T::one());
    let lambda = [weights.lambda_contour, weights.lambda_noncontour];

    for row in 0..rows {
        let k = row % classes;
        let image = if by_sample { row / classes } else { 0 };
        for set in 0..2 {
            for ab in 0..2 {
                coefficients[row * 4 + 2 * set + ab] = if k == 0 {
                    T::zero()
                } else {
                    let pool = image * across + if by_class { k - 1 } else { 0 };
                    weights.beta / counting * lambda[set] * ratios[pool * 8 + 4 * set + ab]
                };
            }
        }
    }

    let cross_entropy = cross_entropy_sum / T::of(pixels as f64);
    let [contour, rest] = dice.map(|sum| sum / counting);
    let separable = lambda[0] * contour + lambda[1] * rest;
    terms[0] = weights.alpha * cross_entropy + weights.beta * separable;
    terms[1] = cross_entropy;
    terms[2] = separable;
    terms[3] = contour;
    terms[4] = rest;
}
