//! Twin of `shaders/optim/average.wgsl`.

use super::Real;

/// Moves `average` towards `parameters` by a share of `rate`.
pub fn average<T: Real>(average: &mut [T], parameters: &[T], rate: T) {
    for i in 0..parameters.len() {
        average[i] += rate * (parameters[i] - average[i]);
    }
}
