//! Twin of `shaders/contour/label_contour.wgsl`.

use super::marks::LABEL_BIT;

/// The 3×3 inner contour of each slice of `labels` (D, H, W), class k at bit k; beyond a slice lies the class set
/// `outside`. With `packed` the label stands from bit 27. A pixel of no class (a label above 31) erodes none and has no
/// contour.
pub fn label_contour(contour: &mut [u32], labels: &[u32], dims: [usize; 3], outside: u32, packed: bool) {
    let [_, height, width] = dims;
    for i in 0..labels.len() {
        let (slice, y, x) = (
            i / (height * width) * height * width,
            i / width % height,
            i % width,
        );
        let mut eroded = !0;
        for (dy, dx) in (0..3).flat_map(|dy| (0..3).map(move |dx| (dy, dx))) {
            let (row, column) = ((y + dy).wrapping_sub(1), (x + dx).wrapping_sub(1));
            eroded &= if row < height && column < width {
                1_u32
                    .checked_shl(labels[slice + row * width + column])
                    .unwrap_or(!0)
            } else {
                outside
            };
        }
        contour[i] = 1_u32.checked_shl(labels[i]).unwrap_or(0) & !eroded;
        if packed {
            contour[i] |= labels[i] << LABEL_BIT;
        }
    }
}
