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
    let (zero, one) = (T::zero(), T::one());
    let per_pixel = coefficients[coefficients.len() - 4];
    for pixel in 0..labels.len() {
        let row = pixel / pixels * classes;
        let at = row * pixels + pixel % pixels;
        let label = labels[pixel];
        let y = label as usize;
        let scale = per_pixel * weight[pixel];
        let p: Vec<T> = (0..classes).map(|k| dlogits[at + k * pixels]).collect();
        let slope = |k: usize| {
            let abc = (row + k) * 16 + 8 * pairs.set(contour[pixel], k);
            let cost = pairs.cost(label, k, classes);
            let [a, b, c] = [0, 1, 2].map(|i| coefficients[abc + i]);
            let region = cost * (a + b * pairs.target(label, k) + c * cost * p[k]);
            let miss = if k == y { p[k] - one } else { p[k] };
            let of_p = match rule {
                Rule::CrossEntropy { .. } | Rule::Sigmoid { .. } => return region,
                Rule::Linear => one,
                Rule::Squared => T::of(2.0) * miss,
            };
            region + scale * class_weight[k] * field[at + k * pixels] * of_p
        };
        let mut mean = zero;
        let mut miss = zero;
        for k in 0..classes {
            mean += p[k] * slope(k);
            if k != y {
                miss += p[k];
            }
        }
        for k in 0..classes {
            let own = match rule {
                Rule::CrossEntropy { smoothing, gamma } => {
                    let focal = (one - smoothing) * focal_slope(p[y], miss, gamma);
                    let towards = if k == y { miss } else { -p[k] };
                    let uniform = one / T::of(classes as f64);
                    class_weight[y] * (focal * towards + smoothing * (p[k] - uniform))
                }
                Rule::Sigmoid { gamma } => {
                    let sign = if k == y { one } else { -one };
                    class_weight[k] * sign * sigmoid_slope(sign * logits[at + k * pixels], gamma)
                }
                Rule::Linear | Rule::Squared => zero,
            };
            dlogits[at + k * pixels] = scale * own + p[k] * (slope(k) - mean);
        }
    }
}

/// p ∂/∂p of (1 − p)^γ (−log p), with miss = 1 − p.
fn focal_slope<T: Real>(p: T, miss: T, gamma: T) -> T {
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
fn sigmoid_slope<T: Real>(s: T, gamma: T) -> T {
    let (miss, hit) = ((-softplus(s)).exp(), (-softplus(-s)).exp());
    -(-gamma * softplus(s)).exp() * (gamma * hit * softplus(-s) + miss)
}
