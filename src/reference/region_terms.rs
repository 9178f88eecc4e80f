//! Twin of `shaders/loss/region_terms.wgsl`.

use super::Real;
use super::region_ratios::Ratio;

/// What each term counts, and what the pixel term is divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights<T> {
    pub alpha: T,
    pub beta: T,
    pub lambda_contour: T,
    pub lambda_rest: T,
    /// Of the pixel term, for each pixel that counts.
    pub divisor: T,
    /// log(1 + pixel term) in its stead.
    pub logarithm: bool,
}

/// Terms (total, pixel, region, contour, rest) and coefficients (N, K, 2, 2, 4): a, b, c, s₀; s of each class on its
/// contour and off it; then the scales of the pixel term's gradient and share, and two zeros. `ratios`
/// (pools, 2, 3, 4), `members` (N, K), `pixel_sums` (2).
pub fn region_terms<T: Real>(
    terms: &mut [T],
    coefficients: &mut [T],
    ratios: &[T],
    members: &[T],
    pixel_sums: &[T],
    classes: usize,
    ratio: &Ratio<T>,
    weights: Weights<T>,
) {
    let rows = members.len();
    let across = ratio.across(classes);
    let pools = if ratio.by_sample {
        rows / classes * across
    } else {
        across
    };
    let mut counting = T::zero();
    let mut mean = [T::zero(); 2];
    for pool in 0..pools {
        counting += ratios[pool * 24 + 9];
        mean[0] += ratios[pool * 24 + 3];
        mean[1] += ratios[pool * 24 + 15];
    }
    counting = counting.max(T::one());
    let lambda = [weights.lambda_contour, weights.lambda_rest];

    for row in 0..rows {
        let k = row % classes;
        for set in 0..2 {
            let to = row * 16 + 8 * set;
            coefficients[to..to + 8].fill(T::zero());
            if k < ratio.first() {
                continue;
            }
            let image = if ratio.by_sample { row / classes } else { 0 };
            let pool = image * across + if ratio.by_class { k - ratio.first() } else { 0 };
            let from = pool * 24 + 12 * set;
            let scale = weights.beta / counting * lambda[set];
            let weighted = scale * members[row];
            for i in 0..3 {
                coefficients[to + i] = weighted * ratios[from + i];
            }
            coefficients[to + 3] = scale * ratios[from + 8];
            for i in 0..4 {
                coefficients[to + 4 + i] = weighted * ratios[from + 4 + i];
            }
        }
    }

    let divisor = weights.divisor * pixel_sums[1];
    let per = if divisor > T::zero() {
        T::one() / divisor
    } else {
        T::zero()
    };
    let mut pixel = pixel_sums[0] * per;
    let mut scales = [weights.alpha * per; 2];
    if weights.logarithm {
        let plain = pixel;
        pixel = plain.ln_1p();
        scales[0] /= T::one() + plain;
        if plain > T::zero() {
            scales[1] *= pixel / plain;
        }
    }
    coefficients[16 * rows..].copy_from_slice(&[scales[0], scales[1], T::zero(), T::zero()]);
    let [contour, rest] = mean.map(|sum| sum / counting);
    let region = lambda[0] * contour + lambda[1] * rest;
    terms[0] = weights.alpha * pixel + weights.beta * region;
    terms[1] = pixel;
    terms[2] = region;
    terms[3] = contour;
    terms[4] = rest;
}
