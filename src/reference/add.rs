//! Twin of `shaders/net/add.wgsl`.

use super::Real;

/// `y = x1 + x2`, all of one shape.
pub fn add_forward<T: Real>(y: &mut [T], x1: &[T], x2: &[T]) {
    for i in 0..y.len() {
        y[i] = x1[i] + x2[i];
    }
}

/// The gradient of one summand is that of the sum. Adds to `dx` if `accumulate`.
pub fn add_backward<T: Real>(dx: &mut [T], dy: &[T], accumulate: bool) {
    for i in 0..dy.len() {
        dx[i] = if accumulate { dx[i] + dy[i] } else { dy[i] };
    }
}
