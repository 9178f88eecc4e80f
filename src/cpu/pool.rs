//! 2 × 2 maximum, stride 2; the last row and column of an odd size are dropped.

use super::{Scratch, Sink, room};

/// `y` (C, ⌊H/2⌋, ⌊W/2⌋) from `x` of `shape` (C, H, W).
pub fn forward(y: &mut [f32], x: &[f32], [_, h, w]: [usize; 3]) {
    let (rows, columns) = (h / 2, w / 2);
    for (y, x) in y.chunks_exact_mut(rows * columns).zip(x.chunks_exact(h * w)) {
        for (y, x) in y.chunks_exact_mut(columns).zip(x.chunks_exact(2 * w)) {
            let (upper, lower) = x.split_at(w);
            let windows = upper.chunks_exact(2).zip(lower.chunks_exact(2));
            for (y, (upper, lower)) in y.iter_mut().zip(windows) {
                *y = larger(larger(upper[0], upper[1]), larger(lower[0], lower[1]));
            }
        }
    }
}

/// In WebAssembly the standard library's maximum is a call.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// A tie gives the gradient to the first maximum in row-major order.
pub fn backward(mut sink: Sink<'_>, x: &[f32], dy: &[f32], [c, h, w]: [usize; 3], scratch: &mut Scratch) {
    let (rows, columns) = (h / 2, w / 2);
    let share = room(&mut scratch.row, 2 * w);
    for channel in 0..c {
        for row in 0..rows {
            let first = (channel * h + 2 * row) * w;
            let (upper, lower) = x[first..first + 2 * w].split_at(w);
            let dy = &dy[(channel * rows + row) * columns..][..columns];
            share.fill(0.0);
            for (column, dy) in dy.iter().enumerate() {
                let at = 2 * column;
                let window = [upper[at], upper[at + 1], lower[at], lower[at + 1]];
                let mut most = 0;
                for place in 1..4 {
                    if window[place] > window[most] {
                        most = place;
                    }
                }
                share[most / 2 * w + at + most % 2] = *dy;
            }
            sink.take(first, share);
        }
        // An odd last row has no share, but what later layers left there is passed on.
        if !h.is_multiple_of(2) {
            sink.take_with((channel * h + h - 1) * w, w, |_| 0.0);
        }
    }
}
