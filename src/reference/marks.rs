//! Twin of `shaders/contour/marks.wgsl`.

/// Where a mark's label begins.
pub const LABEL_BIT: u32 = 27;

/// The contour of class k at bit k, the label from bit 27.
pub fn marks(marks: &mut [u32], labels: &[u32], contour: &[u32]) {
    for i in 0..marks.len() {
        marks[i] = contour[i] | labels[i] << LABEL_BIT;
    }
}
