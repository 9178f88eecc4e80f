//! Twin of `shaders/net/conv_transpose2x2.wgsl`: kernel 2, stride 2, no padding.
//!
//! `shape` is (N, `C_in`, H, W) of `x`; `weight` is (`C_in`, `C_out`, 2, 2), as in PyTorch.

use super::Real;

/// Where the tap `tap` of the window of `pixel` stands in a plane of 2H × 2W.
fn place(pixel: usize, tap: usize, width: usize) -> usize {
    (2 * (pixel / width) + tap / 2) * 2 * width + 2 * (pixel % width) + tap % 2
}

/// `y` (N, `C_out`, 2H, 2W).
pub fn conv_transpose2x2_forward<T: Real>(
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
            let out = &mut y[(image * c_out + co) * 4 * h * w..][..4 * h * w];
            out.fill(bias.map_or(T::zero(), |bias| bias[co]));
            for ci in 0..c_in {
                let plane = &x[(image * c_in + ci) * h * w..][..h * w];
                for pixel in 0..h * w {
                    for tap in 0..4 {
                        out[place(pixel, tap, w)] += weight[(ci * c_out + co) * 4 + tap] * plane[pixel];
                    }
                }
            }
        }
    }
}

/// `dx` (N, `C_in`, H, W), added to if `accumulate`.
pub fn conv_transpose2x2_backward_input<T: Real>(
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
                let slopes = &dy[(image * c_out + co) * 4 * h * w..][..4 * h * w];
                for pixel in 0..h * w {
                    for tap in 0..4 {
                        out[pixel] += weight[(ci * c_out + co) * 4 + tap] * slopes[place(pixel, tap, w)];
                    }
                }
            }
        }
    }
}

/// Adds to `dweight`. The gradient of the bias is [`channel_sum`](super::channel_sum::channel_sum).
pub fn conv_transpose2x2_backward_weight<T: Real>(
    dweight: &mut [T],
    x: &[T],
    dy: &[T],
    shape: [usize; 4],
    c_out: usize,
) {
    let [n, c_in, h, w] = shape;
    for image in 0..n {
        for ci in 0..c_in {
            let plane = &x[(image * c_in + ci) * h * w..][..h * w];
            for co in 0..c_out {
                let slopes = &dy[(image * c_out + co) * 4 * h * w..][..4 * h * w];
                for tap in 0..4 {
                    let mut sum = T::zero();
                    for pixel in 0..h * w {
                        sum += plane[pixel] * slopes[place(pixel, tap, w)];
                    }
                    dweight[(ci * c_out + co) * 4 + tap] += sum;
                }
            }
        }
    }
}
