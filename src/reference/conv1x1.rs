//! Twin of `shaders/net/conv1x1.wgsl`.
//!
//! `shape` is (N, `C_in`, H, W); `weight` is (`C_out`, `C_in`).

use super::Real;

/// `y` (N, `C_out`, H, W) `= weight · x + bias`, pixel by pixel.
pub fn conv1x1_forward<T: Real>(
    y: &mut [T],
    x: &[T],
    weight: &[T],
    bias: Option<&[T]>,
    shape: [usize; 4],
    c_out: usize,
) {
    let [n, c_in, h, w] = shape;
    for image in 0..n {
        for co in 0..c_out {
            let out = &mut y[(image * c_out + co) * h * w..][..h * w];
            out.fill(bias.map_or(T::zero(), |bias| bias[co]));
            for ci in 0..c_in {
                let plane = &x[(image * c_in + ci) * h * w..][..h * w];
                for i in 0..h * w {
                    out[i] += weight[co * c_in + ci] * plane[i];
                }
            }
        }
    }
}

/// `dx` (N, `C_in`, H, W), added to if `accumulate`.
pub fn conv1x1_backward_input<T: Real>(
    dx: &mut [T],
    dy: &[T],
    weight: &[T],
    shape: [usize; 4],
    c_out: usize,
    accumulate: bool,
) {
    let [n, c_in, h, w] = shape;
    if !accumulate {
        dx.fill(T::zero());
    }
    for image in 0..n {
        for ci in 0..c_in {
            let out = &mut dx[(image * c_in + ci) * h * w..][..h * w];
            for co in 0..c_out {
                let plane = &dy[(image * c_out + co) * h * w..][..h * w];
                for i in 0..h * w {
                    out[i] += weight[co * c_in + ci] * plane[i];
                }
            }
        }
    }
}

/// Adds to `dweight`. The gradient of the bias is [`channel_sum`](super::channel_sum::channel_sum).
pub fn conv1x1_backward_weight<T: Real>(
    dweight: &mut [T],
    x: &[T],
    dy: &[T],
    shape: [usize; 4],
    c_out: usize,
) {
    let [n, c_in, h, w] = shape;
    for image in 0..n {
        for co in 0..c_out {
            let slopes = &dy[(image * c_out + co) * h * w..][..h * w];
            for ci in 0..c_in {
                let plane = &x[(image * c_in + ci) * h * w..][..h * w];
                let mut sum = T::zero();
                for i in 0..h * w {
                    sum += slopes[i] * plane[i];
                }
                dweight[co * c_in + ci] += sum;
            }
        }
    }
}
