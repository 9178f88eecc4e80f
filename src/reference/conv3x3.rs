//! Twin of `shaders/net/conv3x3.wgsl`: stride 1, zero padding 1, cross-correlation as in PyTorch.
//!
//! `shape` is (N, `C_in`, H, W); `weight` is (`C_out`, `C_in`, 3, 3).

use super::Real;

/// The rows (or columns) of the output that the tap `tap` (0, 1, 2) reaches inside an input of `size`.
fn reached(tap: usize, size: usize) -> std::ops::Range<usize> {
    usize::from(tap == 0)..(if tap == 2 { size - 1 } else { size })
}

/// `y` (N, `C_out`, H, W) `= x ⋆ weight + bias`.
pub fn conv3x3_forward<T: Real>(
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
                for tap in 0..9 {
                    let k = weight[(co * c_in + ci) * 9 + tap];
                    for row in reached(tap / 3, h) {
                        for column in reached(tap % 3, w) {
                            out[row * w + column] +=
                                k * plane[(row + tap / 3 - 1) * w + column + tap % 3 - 1];
                        }
                    }
                }
            }
        }
    }
}

/// `dx` (N, `C_in`, H, W), added to if `accumulate`.
pub fn conv3x3_backward_input<T: Real>(
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
                for tap in 0..9 {
                    let k = weight[(co * c_in + ci) * 9 + tap];
                    for row in reached(tap / 3, h) {
                        for column in reached(tap % 3, w) {
                            out[(row + tap / 3 - 1) * w + column + tap % 3 - 1] +=
                                k * plane[row * w + column];
                        }
                    }
                }
            }
        }
    }
}

/// Adds to `dweight`. The gradient of the bias is [`channel_sum`](super::channel_sum::channel_sum).
pub fn conv3x3_backward_weight<T: Real>(
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
                for tap in 0..9 {
                    let mut sum = T::zero();
                    for row in reached(tap / 3, h) {
                        for column in reached(tap % 3, w) {
                            sum += slopes[row * w + column]
                                * plane[(row + tap / 3 - 1) * w + column + tap % 3 - 1];
                        }
                    }
                    dweight[(co * c_in + ci) * 9 + tap] += sum;
                }
            }
        }
    }
}
