//! Height and width doubled. `shape` is (C, H, W) of `x`; `y` and `dy` are (C, 2H, 2W).

use super::{Scratch, Sink, room, vectorised};

/// Nearest neighbour.
pub fn nearest_forward(y: &mut [f32], x: &[f32], [_, _, w]: [usize; 3]) {
    for (y, x) in y.chunks_exact_mut(4 * w).zip(x.chunks_exact(w)) {
        let (upper, lower) = y.split_at_mut(2 * w);
        for (y, x) in upper.chunks_exact_mut(2).zip(x) {
            y.fill(*x);
        }
        lower.copy_from_slice(upper);
    }
}

/// The sum of the four copies.
pub fn nearest_backward(mut sink: Sink<'_>, dy: &[f32], [_, _, w]: [usize; 3]) {
    vectorised(
        #[inline(always)]
        || {
            for (row, dy) in dy.chunks_exact(4 * w).enumerate() {
                let (upper, lower) = dy.split_at(2 * w);
                sink.take_with(row * w, w, |i| {
                    upper[2 * i] + upper[2 * i + 1] + (lower[2 * i] + lower[2 * i + 1])
                });
            }
        },
    );
}

/// The two inputs of an output along one axis, of which the first weighs ¾ and the second ¼: half-pixel centres, edge
/// clamped.
fn taps(output: usize, size: usize) -> [usize; 2] {
    let near = output / 2;
    let far = if output.is_multiple_of(2) {
        near.saturating_sub(1)
    } else {
        (near + 1).min(size - 1)
    };
    [near, far]
}

/// Bilinear with half-pixel centres.
pub fn bilinear_forward(y: &mut [f32], x: &[f32], [_, h, w]: [usize; 3], scratch: &mut Scratch) {
    let mixed = room(&mut scratch.row, w);
    for (y, x) in y.chunks_exact_mut(4 * h * w).zip(x.chunks_exact(h * w)) {
        for (row, y) in y.chunks_exact_mut(2 * w).enumerate() {
            let [near, far] = taps(row, h).map(|row| &x[row * w..][..w]);
            for (mixed, (near, far)) in mixed.iter_mut().zip(near.iter().zip(far)) {
                *mixed = 0.75 * near + 0.25 * far;
            }
            for (column, y) in y.iter_mut().enumerate() {
                let [near, far] = taps(column, w);
                *y = 0.75 * mixed[near] + 0.25 * mixed[far];
            }
        }
    }
}

/// What each input gave, times its gradient.
pub fn bilinear_backward(mut sink: Sink<'_>, dy: &[f32], [_, h, w]: [usize; 3], scratch: &mut Scratch) {
    let plane = h * w;
    let (share, mixed) = room(&mut scratch.row, plane + w).split_at_mut(plane);
    for (channel, dy) in dy.chunks_exact(4 * plane).enumerate() {
        share.fill(0.0);
        for (row, dy) in dy.chunks_exact(2 * w).enumerate() {
            mixed.fill(0.0);
            for (column, dy) in dy.iter().enumerate() {
                let [near, far] = taps(column, w);
                mixed[near] += 0.75 * dy;
                mixed[far] += 0.25 * dy;
            }
            for (row, weight) in taps(row, h).into_iter().zip([0.75, 0.25]) {
                for (share, mixed) in share[row * w..][..w].iter_mut().zip(&*mixed) {
                    *share += weight * mixed;
                }
            }
        }
        sink.take(channel * plane, share);
    }
}
