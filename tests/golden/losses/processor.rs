//! The losses by the fast kernels of the processor: each image by itself, but for the sums.

use contour_lab::loss::image::{ImageInputs, ImageLoss, ImageSums, meet};
use contour_lab::loss::{Parts, Terms};

use super::Inputs;
use crate::store::widen;

/// Terms and gradient.
pub(super) fn evaluate(inputs: &Inputs, weight: &[f64], parts: &Parts) -> (Terms<f64>, Vec<f64>) {
    let [n, k, h, w] = inputs.shape;
    let pixels = h * w;
    let logits = inputs.logits.f32();
    let weight: Vec<f32> = weight.iter().map(|value| *value as f32).collect();
    let image = |i: usize| ImageInputs {
        logits: &logits[i * k * pixels..][..k * pixels],
        labels: &inputs.labels[i * pixels..][..pixels],
        contour: &inputs.contour[i * pixels..][..pixels],
        weight: &weight[i * pixels..][..pixels],
        size: [h, w],
    };
    let mut losses = vec![ImageLoss::default(); n];
    let sums: Vec<ImageSums> = losses
        .iter_mut()
        .enumerate()
        .map(|(i, loss)| loss.sums(&image(i), parts))
        .collect();
    let (terms, coefficients) = meet(&sums, parts, pixels);
    let mut dlogits = vec![f32::NAN; n * k * pixels];
    for (i, (loss, dlogits)) in losses
        .iter()
        .zip(dlogits.chunks_exact_mut(k * pixels))
        .enumerate()
    {
        loss.gradient(dlogits, &image(i), parts, &coefficients, i);
    }
    (terms, widen(&dlogits))
}
