//! Twin of `shaders/contour/weight_map.wgsl`.

use super::Real;

/// `base + lambda · min(1, Σ C_k)` over the classes whose bits are set in `classes`.
pub fn weight_map<T: Real>(weight: &mut [T], contour: &[u32], classes: u32, base: T, lambda: T) {
    for i in 0..contour.len() {
        let on_contour = contour[i] & classes != 0;
        weight[i] = if on_contour { base + lambda } else { base };
    }
}
