//! Twin of `shaders/limits/multiply_add.wgsl`.

use super::Real;

/// Each element is the sum of twelve numbers, `i mod 64 / 64 + 0, 1, … 11` at first, of which every turn makes
/// `a · factor + addend` eight times.
pub fn multiply_add<T: Real>(y: &mut [T], turns: u32, factor: T, addend: T) {
    for i in 0..y.len() {
        let start = (i % 64) as f64 / 64.0;
        let mut sum = T::zero();
        for k in 0..12 {
            let mut a = T::from_f64(start + f64::from(k)).expect("a small number");
            for _ in 0..8 * turns {
                a = a * factor + addend;
            }
            sum += a;
        }
        y[i] = sum;
    }
}
