//! Twin of `shaders/loss/distance_powers.wgsl`.

use super::Real;

/// `of_prediction`^α + `of_reference`^α, each (N, K, H, W).
pub fn distance_powers<T: Real>(field: &mut [T], of_prediction: &[T], of_reference: &[T], alpha: T) {
    for i in 0..field.len() {
        field[i] = of_prediction[i].powf(alpha) + of_reference[i].powf(alpha);
    }
}
