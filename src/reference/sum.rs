//! Twin of `shaders/loss/sum.wgsl`.

use super::Real;

/// Sums of the columns of x (rows, columns), whose last row may be short. Numbers are added in blocks of 32.
pub fn sum<T: Real>(sums: &mut [T], x: &[T]) {
    let columns = sums.len();
    for column in 0..columns {
        let mut total = T::zero();
        let mut i = column;
        while i < x.len() {
            let mut block = T::zero();
            let mut b = 0;
            while b < 32 && i < x.len() {
                block += x[i];
                i += columns;
                b += 1;
            }
            total += block;
        }
        sums[column] = total;
    }
}
