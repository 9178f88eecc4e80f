//! Twin of `shaders/loss/logit_gradient.wgsl`.

use super::Real;
use super::pixel_terms::{Rule, softplus};
use super::region_sums::Pairs;

/// Turns the softmax p (N, K, H, W) in `dlogits` into the gradient: the pixel term's own, and `∂L/∂p` of the region
/// term (and of a pixel term in p) through the softmax. `logits` and `field` (N, K, H, W); `labels`, `contour` and
/// `weight` (N, H, W); `class_weight` (K); `coefficients` as `region_terms` leaves them; `pixels` = H·W.
pub fn logit_gradient<T: Real>(
    dlogits: &mut [T],
    logits: &[T],
    labels: &[u32],
    contour: &[u32],
    weight: &[T],
    class_weight: &[T],
    coefficients: &[T],
    field: &[T],
    pairs: Pairs<'_, T>,
    pixels: usize,
    rule: Rule<T>,
) {
    let classes = class_weight.len();
    let per_pixel = coefficients[coefficients.len() - 4];
    for pixel in 0..labels.len() {
        let row = pixel / pixels * classes;
        let at = row * pixels + pixel % pixels;
        let column = |values: &[T]| -> Vec<T> {
            (0..classes)
                .filter_map(|k| values.get(at + k * pixels).copied())
                .collect()
        };
        let gradient = pixel_gradient(
            &column(dlogits),
            &column(logits),
            &column(field),
            (labels[pixel] as usize, contour[pixel]),
            class_weight,
            &coefficients[16 * row..],
            per_pixel * weight[pixel],
            pairs,
            rule,
        );
        for (k, value) in gradient.into_iter().enumerate() {
            dlogits[at + k * pixels] = value;
        }
    }
}

/// The gradient (K) of one pixel of softmax `p`, `logits` and `field` (K); `coefficients` begin with those of its
/// image, `scale` is that of its pixel term. 0 where the label y is of no class.
#[must_use]
pub fn pixel_gradient<T: Real>(
    p: &[T],
    logits: &[T],
    field: &[T],
    (y, contour): (usize, u32),
    class_weight: &[T],
    coefficients: &[T],
    scale: T,
    pairs: Pairs<'_, T>,
    rule: Rule<T>,
) -> Vec<T> {
    let classes = class_weight.len();
    let (zero, one) = (T::zero(), T::one());
    if y >= classes {
        return vec![zero; classes];
    }
    let slope = |k: usize| {
        let abc = 16 * k + 8 * pairs.set(contour, k);
        let cost = pairs.cost(y as u32, k, classes);
        let [a, b, c] = [0, 1, 2].map(|i| coefficients[abc + i]);
        let region = cost * (a + b * pairs.target(y as u32, k, classes) + c * cost * p[k]);
        let miss = if k == y { p[k] - one } else { p[k] };
        let of_p = match rule {
            Rule::CrossEntropy { .. } | Rule::Sigmoid { .. } => return region,
            Rule::Linear => one,
            Rule::Squared => T::of(2.0) * miss,
        };
        region + scale * class_weight[k] * field[k] * of_p
    };
    let mut mean = zero;
    let mut miss = zero;
    for k in 0..classes {
        mean += p[k] * slope(k);
        if k != y {
            miss += p[k];
        }
    }
    let own = |k: usize| match rule {
        Rule::CrossEntropy { smoothing, gamma } => {
            let focal = (one - smoothing) * focal_slope(p[y], miss, gamma);
            let towards = if k == y { miss } else { -p[k] };
            let uniform = one / T::of(classes as f64);
            class_weight[y] * (focal * towards + smoothing * (p[k] - uniform))
        }
        Rule::Sigmoid { gamma } => {
            let sign = if k == y { one } else { -one };
            class_weight[k] * sign * sigmoid_slope(sign * logits[k], gamma)
        }
        Rule::Linear | Rule::Squared => zero,
    };
    (0..classes)
        .map(|k| scale * own(k) + p[k] * (slope(k) - mean))
        .collect()
}

/// p ∂/∂p of (1 − p)^γ (−log p), with miss = 1 − p.
#[must_use]
pub fn focal_slope<T: Real>(p: T, miss: T, gamma: T) -> T {
    if gamma == T::zero() {
        return -T::one();
    }
    if miss <= T::zero() {
        return T::zero();
    }
    let steep = if p > T::zero() {
        gamma * miss.powf(gamma - T::one()) * p * p.ln()
    } else {
        T::zero()
    };
    steep - miss.powf(gamma)
}

/// ∂/∂s of (1 − q)^γ (−log q), q the sigmoid of s.
#[must_use]
pub fn sigmoid_slope<T: Real>(s: T, gamma: T) -> T {
    let (miss, hit) = ((-softplus(s)).exp(), (-softplus(-s)).exp());
    -(-gamma * softplus(s)).exp() * (gamma * hit * softplus(-s) + miss)
}
