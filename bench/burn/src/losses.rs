//! The workloads' losses.

use burn::prelude::*;
use burn::tensor::activation::log_softmax;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;

const EPS: f32 = 1e-5;

/// 1 − the mean of the foreground's Dice ratios, each over the axes `over`; `p` and `t` are (N, K, H, W).
fn dice_loss(p: Tensor<4>, t: Tensor<4>, over: &[usize]) -> Tensor<1> {
    let both = (p.clone() * t.clone()).sum_dims(over);
    let ratio = (both * 2.0 + EPS) / (p.sum_dims(over) + t.sum_dims(over) + EPS);
    let classes = ratio.dims()[1];
    -ratio.narrow(1, 1, classes - 1).mean() + 1.0
}

/// Mean cross-entropy and the batch's Dice loss, of logits and one-hot labels (N, K, H, W).
pub fn network(z: Tensor<4>, t: Tensor<4>) -> Tensor<1> {
    let logp = log_softmax(z, 1);
    let entropy = -(logp.clone() * t.clone()).sum_dim(1).mean();
    entropy + dice_loss(logp.exp(), t, &[0, 2, 3])
}

/// Labels (N, 1, H, W) and their `classes` (1, K, 1, 1) to contour and weight; cross-entropy weighted by it, and each image's Dice loss.
pub fn contour(
    z: Tensor<4>,
    labels: Tensor<4, Int>,
    classes: Tensor<4, Int>,
    contour_weight: f32,
) -> Tensor<1> {
    let t = labels.equal(classes).float();
    // Erosion is 1 − the maximum of what is outside over 3 × 3; beyond the border nothing is.
    let around = MaxPoolOptions::new([3, 3])
        .with_stride([1, 1])
        .with_padding([1, 1]);
    let outside = max_pool2d(-t.clone() + 1.0, around);
    let contour = t.clone() + outside - 1.0;
    let w = contour.sum_dim(1) * contour_weight + 1.0;
    let logp = log_softmax(z, 1);
    let entropy = -(w.clone() * (logp.clone() * t.clone()).sum_dim(1)).sum() / w.sum();
    entropy + dice_loss(logp.exp(), t, &[2, 3])
}
