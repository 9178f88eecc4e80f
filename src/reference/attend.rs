//! Twin of `shaders/net/attend.wgsl`: `shape` is (N, C, H, W) of `x`, and `map` is (N, 1, H, W).

use super::Real;

/// `y = x · map`, the map over every channel.
pub fn attend_forward<T: Real>(y: &mut [T], x: &[T], map: &[T], shape: [usize; 4]) {
    for i in 0..x.len() {
        y[i] = x[i] * map[over(i, shape)];
    }
}

/// `dx = dy · map`. Adds to `dx` if `accumulate`.
pub fn attend_backward_input<T: Real>(
    dx: &mut [T],
    map: &[T],
    dy: &[T],
    shape: [usize; 4],
    accumulate: bool,
) {
    for i in 0..dy.len() {
        let value = dy[i] * map[over(i, shape)];
        dx[i] = if accumulate { dx[i] + value } else { value };
    }
}

/// `dmap = Σ_c dy · x`. Adds to `dmap` if `accumulate`.
pub fn attend_backward_map<T: Real>(dmap: &mut [T], x: &[T], dy: &[T], shape: [usize; 4], accumulate: bool) {
    if !accumulate {
        dmap.fill(T::zero());
    }
    for i in 0..dy.len() {
        dmap[over(i, shape)] += dy[i] * x[i];
    }
}

/// The element of the map over the element `i` of `x`.
fn over(i: usize, [_, channels, height, width]: [usize; 4]) -> usize {
    let size = height * width;
    i / size / channels * size + i % size
}
