//! The compound loss by the twins: the truth in f64, and what the page falls back on in f32.

use super::{Absent, Params, Terms};
use crate::ops::sum::strips;
use crate::reference::region_terms::Weights;
use crate::reference::{self, Real};

/// Terms and dlogits (N, K, H, W). `logits` has `shape` (N, K, H, W); `labels` (each below K), `contour` (class k
/// at bit k) and `weight` (see [`Params::weighting`]) have (N, H, W).
pub fn evaluate<T: Real>(
    logits: &[T],
    labels: &[u32],
    contour: &[u32],
    weight: &[T],
    shape: [usize; 4],
    params: &Params<T>,
) -> (Terms<T>, Vec<T>) {
    let [n, k, h, w] = shape;
    let (terms, mut dlogits, coefficients) = forward(logits, labels, contour, weight, shape, params);
    reference::logit_gradient::logit_gradient(
        &mut dlogits,
        labels,
        contour,
        weight,
        &params.class_weights(k),
        &coefficients,
        h * w,
        params.alpha / T::of((n * h * w) as f64),
    );
    (terms, dlogits)
}

/// The terms only, for validation.
pub fn terms<T: Real>(
    logits: &[T],
    labels: &[u32],
    contour: &[u32],
    weight: &[T],
    shape: [usize; 4],
    params: &Params<T>,
) -> Terms<T> {
    forward(logits, labels, contour, weight, shape, params).0
}

/// Terms, softmax (N, K, H, W) and Dice coefficients (N, K, 4).
fn forward<T: Real>(
    logits: &[T],
    labels: &[u32],
    contour: &[u32],
    weight: &[T],
    [n, k, h, w]: [usize; 4],
    params: &Params<T>,
) -> (Terms<T>, Vec<T>, Vec<T>) {
    let zeros = |len| vec![T::zero(); len];

    let mut values = zeros(n * h * w);
    let mut strip_sums = zeros(strips(n * h * w));
    let mut cross_entropy_sum = zeros(1);
    let class_weight = params.class_weights(k);
    reference::pixel_terms::pixel_terms(&mut values, logits, labels, weight, &class_weight, h * w);
    reference::sum::sum(&mut strip_sums, &values);
    reference::sum::sum(&mut cross_entropy_sum, &strip_sums);

    let strips = strips(h * w);
    let mut p = zeros(n * k * h * w);
    let mut partials = zeros(strips * 6 * n * k);
    let mut sums = zeros(6 * n * k);
    reference::softmax::softmax_forward(&mut p, logits, k, h * w);
    reference::region_sums::region_sums(&mut partials, &p, labels, contour, k, h * w, strips);
    reference::sum::sum(&mut sums, &partials);

    let (by_sample, by_class) = (params.pool.by_sample(), params.pool.by_class());
    let mut ratios = zeros(8 * n * k);
    let mut terms = zeros(Terms::<T>::LEN);
    let mut coefficients = zeros(4 * n * k);
    let exclude = params.absent == Absent::Exclude;
    reference::region_ratios::region_ratios(
        &mut ratios,
        &sums,
        k,
        by_sample,
        by_class,
        exclude,
        params.smooth,
    );
    let weights = Weights {
        alpha: params.alpha,
        beta: params.beta,
        lambda_contour: params.lambda_contour,
        lambda_noncontour: params.lambda_noncontour,
    };
    reference::region_terms::region_terms(
        &mut terms,
        &mut coefficients,
        &ratios,
        cross_entropy_sum[0],
        k,
        by_sample,
        by_class,
        n * h * w,
        weights,
    );
    (Terms::from_slice(&terms), p, coefficients)
}
