//! Instance norm: each channel has mean 0 and variance 1, then a weight and a bias.

use super::sums::sum;
use super::{Sink, vectorised};

/// `y` (C, pixels) from `x`, passed through a leaky ReLU of this slope; `statistics` (C, 2) are mean and reciprocal standard
/// deviation, `weight` and `bias` have (C).
pub fn forward(
    y: &mut [f32],
    statistics: &mut [f32],
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    epsilon: f32,
    slope: Option<f32>,
) {
    let pixels = x.len() / weight.len();
    // A slope of 1 changes nothing.
    let slope = slope.unwrap_or(1.0);
    vectorised(
        #[inline(always)]
        || {
            let planes = y.chunks_exact_mut(pixels).zip(x.chunks_exact(pixels));
            for (channel, (y, x)) in planes.enumerate() {
                let mean = sum(pixels, |i| x[i]) / pixels as f32;
                let variance = sum(pixels, |i| (x[i] - mean) * (x[i] - mean)) / pixels as f32;
                let rstd = 1.0 / (variance + epsilon).sqrt();
                statistics[2 * channel] = mean;
                statistics[2 * channel + 1] = rstd;
                let (factor, bias) = (rstd * weight[channel], bias[channel]);
                for (y, x) in y.iter_mut().zip(x) {
                    let value = (x - mean) * factor + bias;
                    *y = if value > 0.0 { value } else { slope * value };
                }
            }
        },
    );
}

/// The gradients of weight and bias (C) and of the input, from `dy` and `x` (C, pixels) and the `statistics` of the forward
/// pass.
pub fn backward(
    dweight: &mut [f32],
    dbias: &mut [f32],
    mut sink: Sink<'_>,
    x: &[f32],
    statistics: &[f32],
    weight: &[f32],
    dy: &[f32],
) {
    let pixels = x.len() / weight.len();
    vectorised(
        #[inline(always)]
        || {
            let planes = dy.chunks_exact(pixels).zip(x.chunks_exact(pixels));
            for (channel, (dy, x)) in planes.enumerate() {
                let (mean, rstd) = (statistics[2 * channel], statistics[2 * channel + 1]);
                let total = sum(pixels, |i| dy[i]);
                let total_x = sum(pixels, |i| dy[i] * (x[i] - mean)) * rstd;
                dweight[channel] = total_x;
                dbias[channel] = total;
                let factor = rstd * weight[channel];
                let [mean_dy, mean_x] = [total, total_x].map(|total| total / pixels as f32);
                sink.take_with(channel * pixels, pixels, |i| {
                    factor * (dy[i] - mean_dy - (x[i] - mean) * rstd * mean_x)
                });
            }
        },
    );
}
