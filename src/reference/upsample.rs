//! Twin of `shaders/net/upsample.wgsl`: height and width doubled.
//!
//! `shape` is (N, C, H, W) of `x`; `y` and `dy` are (N, C, 2H, 2W).

use super::Real;

pub fn upsample_nearest_forward<T: Real>(y: &mut [T], x: &[T], shape: [usize; 4]) {
    let [n, c, h, w] = shape;
    for i in 0..n * c * 4 * h * w {
        let (plane, row, column) = (i / (4 * h * w), i / (2 * w) % (2 * h), i % (2 * w));
        y[i] = x[(plane * h + row / 2) * w + column / 2];
    }
}

/// Adds to `dx` if `accumulate`.
pub fn upsample_nearest_backward<T: Real>(dx: &mut [T], dy: &[T], shape: [usize; 4], accumulate: bool) {
    let [n, c, h, w] = shape;
    if !accumulate {
        dx.fill(T::zero());
    }
    for i in 0..n * c * 4 * h * w {
        let (plane, row, column) = (i / (4 * h * w), i / (2 * w) % (2 * h), i % (2 * w));
        dx[(plane * h + row / 2) * w + column / 2] += dy[i];
    }
}

/// The two inputs of an output along one axis, with their weights: half-pixel centres, edge clamped.
fn taps<T: Real>(output: usize, size: usize) -> [(usize, T); 2] {
    let near = output / 2;
    let far = if output.is_multiple_of(2) {
        near.saturating_sub(1)
    } else {
        (near + 1).min(size - 1)
    };
    [(near, T::of(0.75)), (far, T::of(0.25))]
}

pub fn upsample_bilinear_forward<T: Real>(y: &mut [T], x: &[T], shape: [usize; 4]) {
    let [n, c, h, w] = shape;
    for i in 0..n * c * 4 * h * w {
        let (plane, row, column) = (i / (4 * h * w), i / (2 * w) % (2 * h), i % (2 * w));
        y[i] = T::zero();
        for (r, down) in taps::<T>(row, h) {
            for (c, across) in taps::<T>(column, w) {
                y[i] += down * across * x[(plane * h + r) * w + c];
            }
        }
    }
}

/// Adds to `dx` if `accumulate`.
pub fn upsample_bilinear_backward<T: Real>(dx: &mut [T], dy: &[T], shape: [usize; 4], accumulate: bool) {
    let [n, c, h, w] = shape;
    if !accumulate {
        dx.fill(T::zero());
    }
    for i in 0..n * c * 4 * h * w {
        let (plane, row, column) = (i / (4 * h * w), i / (2 * w) % (2 * h), i % (2 * w));
        for (r, down) in taps::<T>(row, h) {
            for (c, across) in taps::<T>(column, w) {
                dx[(plane * h + r) * w + c] += down * across * dy[i];
            }
        }
    }
}
