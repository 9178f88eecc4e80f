//! Twin of `shaders/contour/signed_distance.wgsl`.

use super::Real;

/// Outside class k `distance` (D, K, H, W), inside 1 minus it, 0 where it is 0. `bits` (D, H, W) holds class k at
/// bit k, `area` is H·W.
pub fn signed_distance<T: Real>(signed: &mut [T], bits: &[u32], distance: &[T], area: usize, classes: usize) {
    for i in 0..signed.len() {
        let voxel = i / (area * classes) * area + i % area;
        let inside = bits[voxel] >> (i / area % classes) & 1 == 1;
        let d = distance[i];
        signed[i] = if inside && d > T::zero() { T::one() - d } else { d };
    }
}
