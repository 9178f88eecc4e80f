//! Twin of `shaders/contour/one_hot.wgsl`.

/// Class k at bit k; each label below 32.
pub fn one_hot(bits: &mut [u32], labels: &[u32]) {
    for i in 0..labels.len() {
        bits[i] = 1 << labels[i];
    }
}
