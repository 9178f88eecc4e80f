//! Two tensors joined along C: copies, which move many times as fast as a kernel. Its twin is that of a layer.

use crate::gpu::{Recording, Tensor};

/// Records `y` (N, C1 + C2, H, W): `x1` before `x2` in every one of `images`.
pub fn record_forward(recording: &mut Recording, y: &Tensor, x1: &Tensor, x2: &Tensor, images: usize) {
    let (first, second) = (x1.len() / images, x2.len() / images);
    for image in 0..images {
        let start = image * (first + second);
        recording.copy(y, start, x1, image * first, first);
        recording.copy(y, start + first, x2, image * second, second);
    }
}

/// Records `dx1` and `dx2`, which are overwritten.
pub fn record_backward(recording: &mut Recording, dx1: &Tensor, dx2: &Tensor, dy: &Tensor, images: usize) {
    let (first, second) = (dx1.len() / images, dx2.len() / images);
    for image in 0..images {
        let start = image * (first + second);
        recording.copy(dx1, image * first, dy, start, first);
        recording.copy(dx2, image * second, dy, start + first, second);
    }
}
