//! Twin of `shaders/loss/pixel_terms.wgsl`.

use super::Real;

/// What a pixel adds to the loss, before its weight w.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule<T> {
    /// `a_y ((1 − ε) (1 − p_y)^γ (−log p_y) + ε/K Σ −log p_k)`.
    CrossEntropy { smoothing: T, gamma: T },
    /// `Σ a_k (1 − q_k)^γ (−log q_k)`, q_k the sigmoid's probability of what is true of class k.
    Sigmoid { gamma: T },
    /// `Σ a_k f_k p_k`.
    Linear,
    /// `Σ a_k f_k (p_k − g_k)²`.
    Squared,
}

/// Values (N, H, W, 2): the value of each pixel and its weight w·a_y. logits and field (N, K, H, W) with `pixels`
/// = H·W; labels (below K) and weight (N, H, W); class_weight (K). The field is read by the last two rules only.
pub fn pixel_terms<T: Real>(
    values: &mut [T],
    logits: &[T],
    labels: &[u32],
    weight: &[T],
    class_weight: &[T],
    field: &[T],
    pixels: usize,
    rule: Rule<T>,
) {
    let classes = class_weight.len();
    for pixel in 0..labels.len() {
        let at = pixel / pixels * classes * pixels + pixel % pixels;
        let label = labels[pixel] as usize;
        let mut largest = logits[at];
        for k in 1..classes {
            largest = largest.max(logits[at + k * pixels]);
        }
        let (mut sum, mut others, mut shifted) = (T::zero(), T::zero(), T::zero());
        for k in 0..classes {
            let logit = logits[at + k * pixels] - largest;
            sum += logit.exp();
            if k != label {
                others += logit.exp();
            }
            shifted += logit;
        }
        let mut value = T::zero();
        match rule {
            Rule::CrossEntropy { smoothing, gamma } => {
                let cross_entropy = sum.ln() - (logits[at + label * pixels] - largest);
                let all = sum.ln() - shifted / T::of(classes as f64);
                let focused = (others / sum).powf(gamma) * cross_entropy;
                value = class_weight[label] * ((T::one() - smoothing) * focused + smoothing * all);
            }
            Rule::Sigmoid { gamma } => {
                for k in 0..classes {
                    let logit = logits[at + k * pixels];
                    let s = if k == label { logit } else { -logit };
                    value += class_weight[k] * (-gamma * softplus(s)).exp() * softplus(-s);
                }
            }
            Rule::Linear | Rule::Squared => {
                for k in 0..classes {
                    let i = at + k * pixels;
                    let p = (logits[i] - largest).exp() / sum;
                    let miss = if k == label { p - T::one() } else { p };
                    let of_p = if rule == Rule::Linear { p } else { miss * miss };
                    value += class_weight[k] * field[i] * of_p;
                }
            }
        }
        values[2 * pixel] = weight[pixel] * value;
        values[2 * pixel + 1] = weight[pixel] * class_weight[label];
    }
}

/// log(1 + eˣ).
pub(super) fn softplus<T: Real>(x: T) -> T {
    x.max(T::zero()) + (-x.abs()).exp().ln_1p()
}
