//! Twin of `shaders/contour/between_objects.wgsl`.

use super::Real;

const NO_ROW: u32 = 0xffff;

/// For each pixel the row of the nearest object in its column, and in the upper half of the word the row of the
/// nearest one that is another; 0xffff where there is none. `objects` (D, H, W) are numbers in a slice, 0 for the
/// background.
pub fn between_objects_first(rows: &mut [u32], objects: &[u32], width: usize, height: usize) {
    for i in 0..rows.len() {
        let row = i / width % height;
        let (mut object, mut nearest, mut next) = (0, NO_ROW, NO_ROW);
        let mut see = |row: usize, there: u32| {
            if there == 0 || there == object || next != NO_ROW {
                return;
            }
            if object == 0 {
                (object, nearest) = (there, row as u32);
            } else {
                next = row as u32;
            }
        };
        for offset in 0..height {
            if row >= offset {
                see(row - offset, objects[i - offset * width]);
            }
            if row + offset < height {
                see(row + offset, objects[i + offset * width]);
            }
        }
        rows[i] = nearest | next << 16;
    }
}

/// `1 + w0 exp(−(d1 + d2)² / 2σ²)` on the background, d1 and d2 in pixels; 1 on objects, and where there are fewer
/// than two of them in the slice.
pub fn between_objects_weigh<T: Real>(
    weight: &mut [T],
    objects: &[u32],
    rows: &[u32],
    width: usize,
    height: usize,
    w0: T,
    sigma: T,
) {
    let two = T::of(2.0);
    for i in 0..weight.len() {
        weight[i] = T::one();
        if objects[i] != 0 {
            continue;
        }
        let Some((object, d1)) = nearest_but(objects, rows, width, height, i, 0) else {
            continue;
        };
        let Some((_, d2)) = nearest_but(objects, rows, width, height, i, object) else {
            continue;
        };
        let sum = T::of(d1 as f64).sqrt() + T::of(d2 as f64).sqrt();
        weight[i] = T::one() + w0 * (-sum * sum / (two * sigma * sigma)).exp();
    }
}

/// The nearest object but `excluded` and its squared distance, as seen from element `i`.
fn nearest_but(
    objects: &[u32],
    rows: &[u32],
    width: usize,
    height: usize,
    i: usize,
    excluded: u32,
) -> Option<(u32, usize)> {
    let (at, row) = (i % width, i / width % height);
    let slice = i - at - row * width;
    let mut best: Option<(u32, usize)> = None;
    for offset in 0..width {
        if best.is_some_and(|(_, squared)| offset * offset >= squared) {
            break;
        }
        for column in [at.checked_sub(offset), Some(at + offset).filter(|x| *x < width)] {
            let Some(column) = column else { continue };
            let pair = rows[slice + row * width + column];
            for there in [pair & NO_ROW, pair >> 16] {
                if there == NO_ROW {
                    break;
                }
                let object = objects[slice + there as usize * width + column];
                if object == excluded {
                    continue;
                }
                let squared = offset * offset + row.abs_diff(there as usize).pow(2);
                if best.is_none_or(|(_, nearest)| squared < nearest) {
                    best = Some((object, squared));
                }
                break;
            }
        }
    }
    best
}
