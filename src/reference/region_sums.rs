//! Twin of `shaders/loss/region_sums.wgsl`.

use super::Real;

/// Σpg, Σp, Σg on the contour of a class and off it: partials (strips, N, K, 2, 3) of p (N, K, H, W), labels
/// and contour (N, H, W), with `pixels` = H·W. Numbers are added in blocks of 32.
pub fn region_sums<T: Real>(
    partials: &mut [T],
    p: &[T],
    labels: &[u32],
    contour: &[u32],
    classes: usize,
    pixels: usize,
    strips: usize,
) {
    let rows = p.len() / pixels;
    for row in 0..rows {
        let class = row % classes;
        let image = row / classes * pixels;
        for strip in 0..strips {
            let mut sums = [T::zero(); 6];
            let mut x = strip;
            while x < pixels {
                let mut block = [T::zero(); 6];
                let mut b = 0;
                while b < 32 && x < pixels {
                    let probability = p[row * pixels + x];
                    let is_class = labels[image + x] as usize == class;
                    let on_contour = contour[image + x] >> class & 1 != 0;
                    let set = if on_contour { 0 } else { 3 };
                    if is_class {
                        block[set] += probability;
                        block[set + 2] += T::one();
                    }
                    block[set + 1] += probability;
                    x += strips;
                    b += 1;
                }
                for q in 0..6 {
                    sums[q] += block[q];
                }
            }
            for q in 0..6 {
                partials[(strip * rows + row) * 6 + q] = sums[q];
            }
        }
    }
}
