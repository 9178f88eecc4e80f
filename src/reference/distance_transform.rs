//! Twin of `shaders/contour/distance_transform.wgsl`.

use super::Real;

/// Squared distance where the other side of a class has not been seen.
const FAR: f64 = 1e30;

/// A pass over the lines along one axis: 0 for z, 1 for y, 2 for x.
#[derive(Clone, Copy, Debug)]
pub struct Pass<T> {
    /// D, H, W.
    pub dims: [usize; 3],
    /// K.
    pub classes: usize,
    pub axis: usize,
    /// Between neighbours in a line.
    pub spacing: T,
}

/// Element of (D, H, W), class, and place in the line of an element of (D, K, H, W).
struct Place {
    voxel: usize,
    class: usize,
    at: usize,
}

impl<T: Real> Pass<T> {
    fn length(&self) -> usize {
        self.dims[self.axis]
    }

    /// Elements of (D, H, W) and of (D, K, H, W) between neighbours in a line.
    fn steps(&self) -> (usize, usize) {
        let [_, height, width] = self.dims;
        let step = [height * width, width, 1][self.axis];
        let planes = if self.axis == 0 { self.classes } else { 1 };
        (step, step * planes)
    }

    fn place(&self, i: usize) -> Place {
        let area = self.dims[1] * self.dims[2];
        let voxel = i / (area * self.classes) * area + i % area;
        Place {
            voxel,
            class: i / area % self.classes,
            at: voxel / self.steps().0 % self.length(),
        }
    }

    fn squared_offset(&self, offset: usize) -> T {
        let length = T::of(offset as f64) * self.spacing;
        length * length
    }
}

/// Squared distance (D, K, H, W) to the nearest pixel of the line whose bit k differs, for class sets `bits`
/// (D, H, W).
pub fn distance_transform_first<T: Real>(distance: &mut [T], bits: &[u32], pass: Pass<T>) {
    let (step, _) = pass.steps();
    for i in 0..distance.len() {
        let Place { voxel, class, at } = pass.place(i);
        let differs = |other: usize| (bits[other] ^ bits[voxel]) >> class & 1 == 1;
        let mut best = T::of(FAR);
        for offset in 1..pass.length() {
            let before = at >= offset && differs(voxel - offset * step);
            let behind = at + offset < pass.length() && differs(voxel + offset * step);
            if before || behind {
                best = pass.squared_offset(offset);
                break;
            }
        }
        distance[i] = best;
    }
}

/// The same over one more axis, from the squared distances `before` (D, K, H, W) of the passes so far. The `last`
/// pass writes 0 where there is no other side, and the `root` of the rest where that is asked for.
pub fn distance_transform_next<T: Real>(
    distance: &mut [T],
    bits: &[u32],
    before: &[T],
    pass: Pass<T>,
    last: bool,
    root: bool,
) {
    let (step, stride) = pass.steps();
    for i in 0..distance.len() {
        let Place { voxel, class, at } = pass.place(i);
        let found_at = |i: usize, other: usize| {
            let differs = (bits[other] ^ bits[voxel]) >> class & 1 == 1;
            if differs { T::zero() } else { before[i] }
        };
        let mut best = before[i];
        for offset in 1..pass.length() {
            let squared = pass.squared_offset(offset);
            if squared >= best {
                break;
            }
            if at >= offset {
                best = best.min(squared + found_at(i - offset * stride, voxel - offset * step));
            }
            if at + offset < pass.length() {
                best = best.min(squared + found_at(i + offset * stride, voxel + offset * step));
            }
        }
        if last && best >= T::of(FAR) {
            best = T::zero();
        }
        distance[i] = if last && root { best.sqrt() } else { best };
    }
}
