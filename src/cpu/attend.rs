//! Every channel of an activation times a map of one channel.

use super::{Sink, vectorised};

/// `y` (C, pixels) from `x` (C, pixels) and `map` (pixels).
pub fn forward(y: &mut [f32], x: &[f32], map: &[f32]) {
    vectorised(
        #[inline(always)]
        || {
            for (y, x) in y.chunks_exact_mut(map.len()).zip(x.chunks_exact(map.len())) {
                for (y, (x, map)) in y.iter_mut().zip(x.iter().zip(map)) {
                    *y = x * map;
                }
            }
        },
    );
}

/// The gradient of `x`.
pub fn backward_input(mut sink: Sink<'_>, map: &[f32], dy: &[f32]) {
    vectorised(
        #[inline(always)]
        || {
            for (channel, dy) in dy.chunks_exact(map.len()).enumerate() {
                sink.take_with(channel * map.len(), map.len(), |i| dy[i] * map[i]);
            }
        },
    );
}

/// The gradient of the map (pixels), added to what is there if `accumulate`.
pub fn backward_map(dmap: &mut [f32], x: &[f32], dy: &[f32], accumulate: bool) {
    let pixels = dmap.len();
    if !accumulate {
        dmap.fill(0.0);
    }
    vectorised(
        #[inline(always)]
        || {
            for (x, dy) in x.chunks_exact(pixels).zip(dy.chunks_exact(pixels)) {
                for (dmap, (x, dy)) in dmap.iter_mut().zip(x.iter().zip(dy)) {
                    *dmap += x * dy;
                }
            }
        },
    );
}
