//! Twin of `shaders/contour/contour.wgsl`.

/// What is in the larger class set and not in the smaller; nothing where the label is of no class (above 31).
pub fn contour(bits: &mut [u32], larger: &[u32], smaller: &[u32], labels: &[u32]) {
    for i in 0..bits.len() {
        bits[i] = if labels[i] < u32::BITS {
            larger[i] & !smaller[i]
        } else {
            0
        };
    }
}
