//! Twin of `shaders/contour/contour.wgsl`.

/// What is in the larger class set and not in the smaller.
pub fn contour(bits: &mut [u32], larger: &[u32], smaller: &[u32]) {
    for i in 0..bits.len() {
        bits[i] = larger[i] & !smaller[i];
    }
}
