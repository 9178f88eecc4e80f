//! Twin of `shaders/contour/one_hot.wgsl`.

/// Class k at bit k; a voxel of no class (a label above 31) has the set `ignored`.
pub fn one_hot(bits: &mut [u32], labels: &[u32], ignored: u32) {
    for i in 0..labels.len() {
        bits[i] = 1_u32.checked_shl(labels[i]).unwrap_or(ignored);
    }
}
