//! Twin of `shaders/contour/near_contour.wgsl`.

use super::Real;

/// Bit 0 where any class has its contour.
pub fn near_contour_mark(marks: &mut [u32], contour: &[u32]) {
    for i in 0..marks.len() {
        marks[i] = u32::from(contour[i] != 0);
    }
}

/// `1 + w0 exp(−d² / 2σ²)`, d the distance to the nearest mark: 0 on a mark, elsewhere the root of `squared`, which
/// is 0 where there is none. There the weight is 1.
pub fn near_contour_weigh<T: Real>(weight: &mut [T], marks: &[u32], squared: &[T], w0: T, sigma: T) {
    let two = T::of(2.0);
    for i in 0..weight.len() {
        let on_contour = marks[i] != 0;
        if !on_contour && squared[i] == T::zero() {
            weight[i] = T::one();
            continue;
        }
        let d2 = if on_contour { T::zero() } else { squared[i] };
        weight[i] = T::one() + w0 * (-d2 / (two * sigma * sigma)).exp();
    }
}
