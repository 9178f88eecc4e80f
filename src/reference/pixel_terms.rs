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

/// Values (N, H, W, 2): the value of each pixel and what it [counts](count). logits and field (N, K, H, W) with `pixels`
/// = H·W; labels (below K, or of no class) and weight (N, H, W); class_weight (K). The field is read by the last two rules
/// only.
pub fn pixel_terms<T: Real>(
    values: &mut [T],
    logits: &[T],
    labels: &[u32],
    weight: &[T],
    class_weight: &[T],
    field: &[T],
    pixels: usize,
    rule: Rule<T>,
    by_weight: bool,
) {
    let classes = class_weight.len();
    let column = |values: &[T], pixel: usize| -> Vec<T> {
        let at = pixel / pixels * classes * pixels + pixel % pixels;
        (0..classes)
            .filter_map(|k| values.get(at + k * pixels).copied())
            .collect()
    };
    for pixel in 0..labels.len() {
        let label = labels[pixel] as usize;
        let (z, f) = (column(logits, pixel), column(field, pixel));
        values[2 * pixel] = weight[pixel] * pixel_term(&z, &f, label, class_weight, rule);
        values[2 * pixel + 1] = count(label, weight[pixel], class_weight, by_weight);
    }
}

/// What a pixel counts in the number that the sum of the values is divided by: its weight w·a_y or 1; nothing where its
/// label is of no class.
#[must_use]
pub fn count<T: Real>(label: usize, weight: T, class_weight: &[T], by_weight: bool) -> T {
    match class_weight.get(label) {
        Some(of_class) if by_weight => weight * *of_class,
        Some(_) => T::one(),
        None => T::zero(),
    }
}

/// The value of one pixel before its weight w: `logits` and `field` are those of its K classes. 0 where its label is of no
/// class.
#[must_use]
pub fn pixel_term<T: Real>(logits: &[T], field: &[T], label: usize, class_weight: &[T], rule: Rule<T>) -> T {
    let classes = class_weight.len();
    if label >= classes {
        return T::zero();
    }
    let mut largest = logits[0];
    for k in 1..classes {
        largest = largest.max(logits[k]);
    }
    let (mut sum, mut others, mut shifted) = (T::zero(), T::zero(), T::zero());
    for k in 0..classes {
        let logit = logits[k] - largest;
        sum += logit.exp();
        if k != label {
            others += logit.exp();
        }
        shifted += logit;
    }
    let mut value = T::zero();
    match rule {
        Rule::CrossEntropy { smoothing, gamma } => {
            let cross_entropy = sum.ln() - (logits[label] - largest);
            let all = sum.ln() - shifted / T::of(classes as f64);
            let focused = (others / sum).powf(gamma) * cross_entropy;
            value = class_weight[label] * ((T::one() - smoothing) * focused + smoothing * all);
        }
        Rule::Sigmoid { gamma } => {
            for k in 0..classes {
                let s = if k == label { logits[k] } else { -logits[k] };
                value += class_weight[k] * (-gamma * softplus(s)).exp() * softplus(-s);
            }
        }
        Rule::Linear | Rule::Squared => {
            for k in 0..classes {
                let p = (logits[k] - largest).exp() / sum;
                let miss = if k == label { p - T::one() } else { p };
                let of_p = if rule == Rule::Linear { p } else { miss * miss };
                value += class_weight[k] * field[k] * of_p;
            }
        }
    }
    value
}

/// log(1 + eˣ).
pub(super) fn softplus<T: Real>(x: T) -> T {
    x.max(T::zero()) + (-x.abs()).exp().ln_1p()
}
