//! The surface of a class: its edge voxels, or the corners between voxels inside and outside.

use super::Field;
use super::cubes::areas;

/// Which points stand for a surface, and what each of them weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurfaceKind {
    /// Voxels of the class with a neighbour outside it (4 neighbours in a slice, 6 in a volume; beyond the field
    /// of view is outside), each weighing 1: MONAI and medpy.
    EdgePixels,
    /// Corners where voxels inside and outside meet, each weighing the length of contour (area in a volume) that
    /// runs between the voxels around it: DeepMind's surface-distance.
    ContourLength,
}

/// Points of a surface, in the order of the grid.
#[derive(Clone, Debug, Default)]
pub(super) struct Surface {
    /// Positions in a grid of `shape` points, ascending.
    pub(super) places: Vec<u32>,
    /// What each point weighs.
    pub(super) sizes: Vec<f64>,
    shape: [usize; 3],
    spacing_mm: [f64; 3],
}

impl Surface {
    pub(super) fn of<L: Copy + PartialEq>(kind: SurfaceKind, labels: &[L], class: L, field: &Field) -> Self {
        match kind {
            SurfaceKind::EdgePixels => edge_pixels(labels, class, field),
            SurfaceKind::ContourLength => corners(labels, class, field),
        }
    }

    /// (z, y, x) in mm of the point number `i`.
    pub(super) fn point_mm(&self, i: usize) -> [f64; 3] {
        let [_, height, width] = self.shape;
        let place = self.places[i] as usize;
        let indices = [place / (width * height), place / width % height, place % width];
        std::array::from_fn(|axis| indices[axis] as f64 * self.spacing_mm[axis])
    }
}

fn edge_pixels<L: Copy + PartialEq>(labels: &[L], class: L, field: &Field) -> Surface {
    let shape = field.shape();
    let [depth, height, width] = shape;
    let strides = [height * width, width, 1];
    let mut places = Vec::new();
    for z in 0..depth {
        for y in 0..height {
            let row = (z * height + y) * width;
            for x in 0..width {
                let here = row + x;
                if labels[here] != class {
                    continue;
                }
                let index = [z, y, x];
                let is_edge = field.axes().any(|axis| {
                    index[axis] == 0
                        || index[axis] + 1 == shape[axis]
                        || labels[here - strides[axis]] != class
                        || labels[here + strides[axis]] != class
                });
                if is_edge {
                    places.push(here as u32);
                }
            }
        }
    }
    Surface {
        sizes: vec![1.0; places.len()],
        places,
        shape,
        spacing_mm: field.spacing_mm(),
    }
}

/// Corner (z, y, x) lies below voxel (z, y, x) along every axis; there is one more of them along each.
fn corners<L: Copy + PartialEq>(labels: &[L], class: L, field: &Field) -> Surface {
    let [depth, height, width] = field.shape();
    let layers = if field.is_slice() { 1 } else { 2 };
    let shape = [depth + layers - 1, height + 1, width + 1];
    // A corner is mixed only beside an edge voxel.
    let mut near = vec![false; shape.iter().product()];
    for place in edge_pixels(labels, class, field).places {
        let place = place as usize;
        let [z, y, x] = [place / (width * height), place / width % height, place % width];
        for corner in 0..4 * layers {
            let [dz, dy, dx] = [corner >> 2, corner >> 1 & 1, corner & 1];
            near[((z + dz) * shape[1] + y + dy) * shape[2] + x + dx] = true;
        }
    }
    let is_inside = |z: usize, y: usize, x: usize| {
        // One less than 0 wraps round to more than any size.
        z < depth && y < height && x < width && labels[(z * height + y) * width + x] == class
    };
    let areas = areas(field.spacing_mm());
    let mut surface = Surface {
        shape,
        spacing_mm: field.spacing_mm(),
        ..Surface::default()
    };
    for place in (0..near.len()).filter(|place| near[*place]) {
        let [z, y, x] = [
            place / (shape[1] * shape[2]),
            place / shape[2] % shape[1],
            place % shape[2],
        ];
        let code = (0..8).fold(0, |code, corner| {
            // A slice is taken twice: its contour is a wall of height 1.
            let above = if field.is_slice() { 0 } else { 1 - (corner >> 2) };
            let [dy, dx] = [1 - (corner >> 1 & 1), 1 - (corner & 1)];
            let inside = is_inside(z.wrapping_sub(above), y.wrapping_sub(dy), x.wrapping_sub(dx));
            code | usize::from(inside) << corner
        });
        if code != 0 && code != 255 {
            surface.places.push(place as u32);
            surface.sizes.push(areas[code]);
        }
    }
    surface
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_has_its_rim_and_its_circumference() {
        let field = Field::slice([5, 6], [2.0, 3.0]);
        // 3 × 3 pixels in the middle.
        let labels: Vec<u8> = (0..30)
            .map(|i| u8::from((1..4).contains(&(i / 6)) && (1..4).contains(&(i % 6))))
            .collect();
        let rim = Surface::of(SurfaceKind::EdgePixels, &labels, 1, &field);
        assert_eq!(rim.places, [7, 8, 9, 13, 15, 19, 20, 21]);
        assert_eq!(rim.point_mm(4), [0.0, 4.0, 9.0]);
        let contour = Surface::of(SurfaceKind::ContourLength, &labels, 1, &field);
        assert_eq!(contour.places.len(), 12);
        // Two sides of two steps along each axis, and four corners cut off half-way.
        let expected = 4.0 * 2.0 + 4.0 * 3.0 + 4.0 * 13.0_f64.sqrt() / 2.0;
        assert!((contour.sizes.iter().sum::<f64>() - expected).abs() <= 1e-12);
    }

    #[test]
    fn beyond_the_field_is_outside_and_a_slice_has_no_above() {
        let full = [1_u8; 9];
        let slice = Field::slice([3, 3], [1.0; 2]);
        assert_eq!(
            Surface::of(SurfaceKind::EdgePixels, &full, 1, &slice)
                .places
                .len(),
            8
        );
        let volume = Field::volume([1, 3, 3], [1.0; 3]);
        assert_eq!(
            Surface::of(SurfaceKind::EdgePixels, &full, 1, &volume)
                .places
                .len(),
            9
        );
        assert_eq!(
            Surface::of(SurfaceKind::ContourLength, &full, 1, &slice)
                .places
                .len(),
            12
        );
        assert_eq!(
            Surface::of(SurfaceKind::ContourLength, &full, 1, &volume)
                .places
                .len(),
            32
        );
    }
}
