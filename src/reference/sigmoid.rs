//! Twin of `shaders/net/sigmoid.wgsl`.

use super::Real;

/// `y = 1 / (1 + exp(−x))`, with an exponent that is never positive.
pub fn sigmoid_forward<T: Real>(y: &mut [T], x: &[T]) {
    for i in 0..x.len() {
        let e = (-x[i].abs()).exp();
        let above = if x[i] >= T::zero() { T::one() } else { e };
        y[i] = above / (T::one() + e);
    }
}

/// `dx = dy · y · (1 − y)`. Adds to `dx` if `accumulate`.
pub fn sigmoid_backward<T: Real>(dx: &mut [T], x: &[T], dy: &[T], accumulate: bool) {
    for i in 0..x.len() {
        let e = (-x[i].abs()).exp();
        let value = dy[i] * e / ((T::one() + e) * (T::one() + e));
        dx[i] = if accumulate { dx[i] + value } else { value };
    }
}
