//! Twin of `shaders/net/partial_sum.wgsl`.

use super::Real;

/// Adds the strips of `partial` (strips, count) to `sum` (count). Numbers are added in blocks of 32.
pub fn partial_sum<T: Real>(sum: &mut [T], partial: &[T]) {
    let count = sum.len();
    for i in 0..count {
        let mut total = T::zero();
        let strips = partial.len() / count;
        let mut strip = 0;
        while strip < strips {
            let mut block = T::zero();
            let mut b = 0;
            while b < 32 && strip < strips {
                block += partial[strip * count + i];
                strip += 1;
                b += 1;
            }
            total += block;
        }
        sum[i] += total;
    }
}
