//! Twin of `shaders/net/pool.wgsl`: 2×2 windows, stride 2, the last row and column of an odd size dropped.
//!
//! `shape` is (N, C, H, W) of `x`; `y` and `dy` are (N, C, ⌊H/2⌋, ⌊W/2⌋).

use super::Real;

/// The inputs of each output's window, in row-major order.
fn windows(shape: [usize; 4]) -> impl Iterator<Item = [usize; 4]> {
    let [n, c, h, w] = shape;
    (0..n * c * (h / 2) * (w / 2)).map(move |i| {
        let column = i % (w / 2) * 2;
        let row = i / (w / 2) % (h / 2) * 2;
        let first = (i / (w / 2) / (h / 2) * h + row) * w + column;
        [first, first + 1, first + w, first + w + 1]
    })
}

pub fn pool_max_forward<T: Real>(y: &mut [T], x: &[T], shape: [usize; 4]) {
    for (i, [a, b, c, d]) in windows(shape).enumerate() {
        y[i] = x[a].max(x[b]).max(x[c]).max(x[d]);
    }
}

/// A tie gives the gradient to the first maximum in row-major order. Adds to `dx` if `accumulate`.
pub fn pool_max_backward<T: Real>(dx: &mut [T], x: &[T], dy: &[T], shape: [usize; 4], accumulate: bool) {
    if !accumulate {
        dx.fill(T::zero());
    }
    for (i, window) in windows(shape).enumerate() {
        let mut first = window[0];
        for place in window {
            if x[place] > x[first] {
                first = place;
            }
        }
        dx[first] += dy[i];
    }
}
