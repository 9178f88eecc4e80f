//! Twin of `shaders/net/activation.wgsl`.

use super::Real;

/// `y = x` where `x > 0`, `slope · x` elsewhere.
pub fn activation_forward<T: Real>(y: &mut [T], x: &[T], slope: T) {
    for i in 0..x.len() {
        y[i] = if x[i] > T::zero() { x[i] } else { slope * x[i] };
    }
}

/// Passes a gradient through the leaky ReLU that made `x`: twin of `shaders/shared/sink.wgsl`.
pub fn activation_through<T: Real>(dx: &mut [T], x: &[T], slope: T) {
    for i in 0..x.len() {
        if x[i] <= T::zero() {
            dx[i] *= slope;
        }
    }
}

/// The gradient at 0 is `slope`, as in PyTorch. Adds to `dx` if `accumulate`.
pub fn activation_backward<T: Real>(dx: &mut [T], x: &[T], dy: &[T], slope: T, accumulate: bool) {
    for i in 0..x.len() {
        let value = if x[i] > T::zero() { dy[i] } else { slope * dy[i] };
        dx[i] = if accumulate { dx[i] + value } else { value };
    }
}
