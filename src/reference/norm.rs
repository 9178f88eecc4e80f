//! Twin of `shaders/net/norm.wgsl`: group norm; instance norm has as many groups as channels.
//!
//! `shape` is (N, C, H, W); `statistics` is (N, groups, 2): mean and 1/√(variance + eps), variance biased.

use super::Real;

/// The statistics of `x`: first the mean, then the squared deviations from it.
pub fn norm_statistics<T: Real>(statistics: &mut [T], x: &[T], shape: [usize; 4], groups: usize, eps: T) {
    let [n, c, h, w] = shape;
    let size = c / groups * h * w;
    let count = T::of(size as f64);
    for group in 0..n * groups {
        let values = &x[group * size..][..size];
        // Summed from the first value on, so that a mean of 1000 costs no digits.
        let mut sum = T::zero();
        for i in 0..size {
            sum += values[i] - values[0];
        }
        let mean = values[0] + sum / count;
        let mut deviation = T::zero();
        for i in 0..size {
            deviation += (values[i] - mean) * (values[i] - mean);
        }
        statistics[2 * group] = mean;
        statistics[2 * group + 1] = T::one() / (deviation / count + eps).sqrt();
    }
}

/// `y = (x − mean) · rstd · weight + bias`.
pub fn norm_forward<T: Real>(
    y: &mut [T],
    x: &[T],
    statistics: &[T],
    weight: &[T],
    bias: &[T],
    shape: [usize; 4],
    groups: usize,
) {
    let [n, c, h, w] = shape;
    for plane in 0..n * c {
        let group = plane / (c / groups);
        let mean = statistics[2 * group];
        let rstd = statistics[2 * group + 1];
        for i in plane * h * w..(plane + 1) * h * w {
            y[i] = (x[i] - mean) * rstd * weight[plane % c] + bias[plane % c];
        }
    }
}

/// `dx`, added to if `accumulate`: with x̂ the normalised input and means over the group,
/// `rstd · (weight · dy − mean(weight · dy) − x̂ · mean(weight · dy · x̂))`.
pub fn norm_backward_input<T: Real>(
    dx: &mut [T],
    x: &[T],
    statistics: &[T],
    weight: &[T],
    dy: &[T],
    shape: [usize; 4],
    groups: usize,
    accumulate: bool,
) {
    let [n, c, h, w] = shape;
    let size = c / groups * h * w;
    let count = T::of(size as f64);
    for group in 0..n * groups {
        let mean = statistics[2 * group];
        let rstd = statistics[2 * group + 1];
        let mut mean_slope = T::zero();
        let mut mean_slope_x = T::zero();
        for i in group * size..(group + 1) * size {
            let slope = weight[i / (h * w) % c] * dy[i];
            mean_slope += slope;
            mean_slope_x += slope * (x[i] - mean) * rstd;
        }
        mean_slope /= count;
        mean_slope_x /= count;
        for i in group * size..(group + 1) * size {
            let slope = weight[i / (h * w) % c] * dy[i];
            let value = rstd * (slope - mean_slope - (x[i] - mean) * rstd * mean_slope_x);
            dx[i] = if accumulate { dx[i] + value } else { value };
        }
    }
}

/// Adds to `dweight` and `dbias`.
pub fn norm_backward_weight<T: Real>(
    dweight: &mut [T],
    dbias: &mut [T],
    x: &[T],
    statistics: &[T],
    dy: &[T],
    shape: [usize; 4],
    groups: usize,
) {
    let [n, c, h, w] = shape;
    for plane in 0..n * c {
        let group = plane / (c / groups);
        let mut sum = T::zero();
        let mut sum_x = T::zero();
        for i in plane * h * w..(plane + 1) * h * w {
            sum += dy[i];
            sum_x += dy[i] * (x[i] - statistics[2 * group]) * statistics[2 * group + 1];
        }
        dweight[plane % c] += sum_x;
        dbias[plane % c] += sum;
    }
}
