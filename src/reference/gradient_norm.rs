//! Twin of `shaders/optim/gradient_norm.wgsl`.

use super::Real;

/// Keeps the division finite, as PyTorch's `clip_grad_norm_` does.
const EPSILON: f64 = 1e-6;

/// The factor that makes `gradients` no longer than `max_norm`, and how long they are.
#[must_use]
pub fn gradient_norm<T: Real>(gradients: &[T], max_norm: T) -> [T; 2] {
    let mut total = T::zero();
    for block in gradients.chunks(32) {
        let mut squares = T::zero();
        for g in block {
            squares += *g * *g;
        }
        total += squares;
    }
    let norm = total.sqrt();
    [(max_norm / (norm + T::of(EPSILON))).min(T::one()), norm]
}
