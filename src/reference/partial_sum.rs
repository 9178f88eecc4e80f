//! Twin of `shaders/net/partial_sum.wgsl`.

use super::Real;

/// Adds the strips of `partial` (strips, count) to `sum` (count).
pub fn partial_sum<T: Real>(sum: &mut [T], partial: &[T]) {
    let count = sum.len();
    for i in 0..count {
        let mut total = T::zero();
        for strip in 0..partial.len() / count {
            total += partial[strip * count + i];
        }
        sum[i] += total;
    }
}
