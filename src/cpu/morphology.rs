//! Erosion and dilation of class sets, a row at a time.

use super::vectorised;

/// AND over the structuring element (offsets x, y, z) of class sets (D, H, W). `outside` is the class set
/// beyond the volume: 0, or all ones where the border never erodes.
pub fn erode(eroded: &mut [u32], bits: &[u32], element: &[[i32; 3]], dims: [usize; 3], outside: u32) {
    vectorised(
        #[inline(always)]
        || {
            eroded.fill(!0);
            combine(eroded, bits, element.iter().copied(), dims, outside, |a, b| a & b);
        },
    );
}

/// OR over the mirrored structuring element (offsets x, y, z) of class sets (D, H, W). Nothing grows in from outside.
pub fn dilate(dilated: &mut [u32], bits: &[u32], element: &[[i32; 3]], dims: [usize; 3]) {
    let mirrored = element.iter().map(|offset| offset.map(|along| -along));
    vectorised(
        #[inline(always)]
        || {
            dilated.fill(0);
            combine(dilated, bits, mirrored, dims, 0, |a, b| a | b);
        },
    );
}

/// Combines each voxel of `to` with what lies at each offset from it, which is `outside` beyond the volume.
#[inline(always)]
fn combine(
    to: &mut [u32],
    bits: &[u32],
    element: impl Iterator<Item = [i32; 3]> + Clone,
    [depth, height, width]: [usize; 3],
    outside: u32,
    both: impl Fn(u32, u32) -> u32 + Copy,
) {
    let all = |row: &mut [u32], with: u32| row.iter_mut().for_each(|value| *value = both(*value, with));
    for z in 0..depth {
        for y in 0..height {
            let row = &mut to[(z * height + y) * width..][..width];
            for [dx, dy, dz] in element.clone() {
                let at = (moved(z, dz, depth), moved(y, dy, height));
                let (Some(z), Some(y)) = at else {
                    all(row, outside);
                    continue;
                };
                let from = &bits[(z * height + y) * width..][..width];
                let shift = (dx.unsigned_abs() as usize).min(width);
                let (inside, beyond, seen) = if dx < 0 {
                    let (beyond, inside) = row.split_at_mut(shift);
                    (inside, beyond, &from[..width - shift])
                } else {
                    let (inside, beyond) = row.split_at_mut(width - shift);
                    (inside, beyond, &from[shift..])
                };
                for (value, seen) in inside.iter_mut().zip(seen) {
                    *value = both(*value, *seen);
                }
                all(beyond, outside);
            }
        }
    }
}

/// `None` outside.
fn moved(at: usize, by: i32, extent: usize) -> Option<usize> {
    at.checked_add_signed(by as isize).filter(|at| *at < extent)
}
