//! Twin of `shaders/loss/softmax.wgsl`. Activations (N, C, H, W) with `pixels` = H·W.

use super::Real;

/// `y = exp(x − max) / Σ exp(x − max)` over the classes of each pixel.
pub fn softmax_forward<T: Real>(y: &mut [T], x: &[T], classes: usize, pixels: usize) {
    for pixel in 0..x.len() / classes {
        let at = first(pixel, classes, pixels);
        let most = largest(x, at, classes, pixels);
        let sum = exp_sum(x, at, most, classes, pixels);
        for k in 0..classes {
            let i = at + k * pixels;
            y[i] = (x[i] - most).exp() / sum;
        }
    }
}

/// Index of class 0 of a pixel.
fn first(pixel: usize, classes: usize, pixels: usize) -> usize {
    pixel / pixels * classes * pixels + pixel % pixels
}

fn largest<T: Real>(x: &[T], at: usize, classes: usize, pixels: usize) -> T {
    let mut largest = x[at];
    for k in 1..classes {
        largest = largest.max(x[at + k * pixels]);
    }
    largest
}

fn exp_sum<T: Real>(x: &[T], at: usize, largest: T, classes: usize, pixels: usize) -> T {
    let mut sum = T::zero();
    for k in 0..classes {
        sum += (x[at + k * pixels] - largest).exp();
    }
    sum
}
