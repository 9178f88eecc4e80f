//! From the file's voxel order to RAS (x to the right, y to the front, z up) by turning axes, never by
//! resampling.

use serde::{Deserialize, Serialize};

use super::matrix::{Affine, directions, nearest_orthogonal, product};

/// A grid of voxels in space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Voxels along x, y, z.
    pub shape: [usize; 3],
    /// Size of a voxel along x, y, z in millimetres; finite and above 0.
    pub spacing_mm: [f64; 3],
    /// Voxel indices to millimetres.
    pub world_from_voxel: Affine,
}

impl Grid {
    /// Number of voxels.
    #[must_use]
    pub fn voxels(&self) -> usize {
        self.shape.iter().product()
    }

    /// The lowest and highest voxel centres, combined in all eight ways.
    pub(super) fn corners(&self) -> [[f64; 3]; 8] {
        std::array::from_fn(|corner| {
            std::array::from_fn(|axis| {
                if corner >> axis & 1 == 1 {
                    self.shape[axis] as f64 - 1.0
                } else {
                    0.0
                }
            })
        })
    }
}

/// Which file axis each RAS axis runs along, and whether it runs backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orientation {
    /// `file_axis[r]` is the file axis of RAS axis `r`.
    pub file_axis: [usize; 3],
    /// `reversed[r]`: the file's indices fall while RAS axis `r` rises.
    pub reversed: [bool; 3],
}

impl Orientation {
    /// nibabel's `io_orientation`: the nearest rotation decides, strongest axis first, each world axis
    /// given once. `None` where the affine squashes space.
    #[must_use]
    pub fn of(world_from_voxel: &Affine) -> Option<Self> {
        let rotation = nearest_orthogonal(&directions(world_from_voxel)?)?;
        let strength = |axis: usize| (0..3).map(|row| rotation[row][axis].abs()).fold(0.0, f64::max);
        let mut order = [0, 1, 2];
        order.sort_by(|&a, &b| strength(b).total_cmp(&strength(a)));
        let mut free = vec![0, 1, 2];
        let mut found = Self {
            file_axis: [0; 3],
            reversed: [false; 3],
        };
        for axis in order {
            let world = *free
                .iter()
                .rev()
                .max_by(|&&a, &&b| rotation[a][axis].abs().total_cmp(&rotation[b][axis].abs()))?;
            free.retain(|&other| other != world);
            found.file_axis[world] = axis;
            found.reversed[world] = rotation[world][axis] < 0.0;
        }
        Some(found)
    }

    /// The file's voxel order in letters, such as `LPS`: where each file axis points.
    #[must_use]
    pub fn axis_codes(&self) -> String {
        let mut codes = ['?'; 3];
        for world in 0..3 {
            let letters = [['R', 'L'], ['A', 'P'], ['S', 'I']][world];
            codes[self.file_axis[world]] = letters[usize::from(self.reversed[world])];
        }
        codes.iter().collect()
    }

    /// The same grid with its axes turned to RAS.
    #[must_use]
    pub fn to_ras(&self, file: &Grid) -> Grid {
        let mut file_from_ras = [[0.0; 4]; 4];
        file_from_ras[3][3] = 1.0;
        for world in 0..3 {
            let axis = self.file_axis[world];
            if self.reversed[world] {
                file_from_ras[axis][world] = -1.0;
                file_from_ras[axis][3] = file.shape[axis] as f64 - 1.0;
            } else {
                file_from_ras[axis][world] = 1.0;
            }
        }
        Grid {
            shape: self.file_axis.map(|axis| file.shape[axis]),
            spacing_mm: self.file_axis.map(|axis| file.spacing_mm[axis]),
            world_from_voxel: product(&file.world_from_voxel, &file_from_ras),
        }
    }
}

/// RAS indices as a straight walk over the file's voxels.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Walk {
    pub(super) start: isize,
    pub(super) step: [isize; 3],
}

impl Walk {
    pub(super) fn new(orientation: &Orientation, file_shape: [usize; 3]) -> Self {
        let stride = [
            1,
            file_shape[0] as isize,
            (file_shape[0] * file_shape[1]) as isize,
        ];
        let mut walk = Self {
            start: 0,
            step: [0; 3],
        };
        for world in 0..3 {
            let axis = orientation.file_axis[world];
            if orientation.reversed[world] {
                walk.start += (file_shape[axis] as isize - 1) * stride[axis];
                walk.step[world] = -stride[axis];
            } else {
                walk.step[world] = stride[axis];
            }
        }
        walk
    }

    pub(super) fn at(&self, ras: [usize; 3]) -> usize {
        let offset: isize = (0..3).map(|axis| ras[axis] as isize * self.step[axis]).sum();
        (self.start + offset) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::transform;
    use super::*;

    /// File indices of a RAS voxel.
    fn file_index(orientation: &Orientation, ras: [usize; 3], file_shape: [usize; 3]) -> [usize; 3] {
        let mut file = [0; 3];
        for world in 0..3 {
            let axis = orientation.file_axis[world];
            file[axis] = if orientation.reversed[world] {
                file_shape[axis] - 1 - ras[world]
            } else {
                ras[world]
            };
        }
        file
    }

    fn affine(rows: [[f64; 3]; 3]) -> Affine {
        super::super::matrix::from_rows(rows.map(|[x, y, z]| [x, y, z, 10.0]))
    }

    #[test]
    fn names_the_voxel_order() {
        let cases = [
            ("RAS", [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 3.0]]),
            ("LPS", [[-2.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, 3.0]]),
            ("PIR", [[0.0, 0.0, 9.0], [-9.0, 0.0, 0.0], [0.0, -7.5, 0.0]]),
            ("ASL", [[0.0, 0.0, -9.0], [9.0, 0.0, 0.0], [0.0, 7.5, 0.0]]),
            // Both of the first two columns lean to x; the stronger takes it.
            ("ARS", [[0.8, 0.9, 0.0], [0.6, 0.1, 0.0], [0.0, 0.0, 1.0]]),
        ];
        for (codes, rows) in cases {
            assert_eq!(Orientation::of(&affine(rows)).unwrap().axis_codes(), codes);
        }
        assert_eq!(
            Orientation::of(&affine([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])),
            None
        );
    }

    #[test]
    fn turning_axes_moves_no_voxel() {
        let file = Grid {
            shape: [3, 4, 5],
            spacing_mm: [9.0, 7.5, 8.0],
            world_from_voxel: affine([[0.1, 0.2, -8.0], [9.0, 0.3, 0.1], [0.2, -7.5, 0.4]]),
        };
        let orientation = Orientation::of(&file.world_from_voxel).unwrap();
        let ras = orientation.to_ras(&file);
        assert_eq!(ras.shape, [5, 3, 4]);
        assert_eq!(ras.spacing_mm, [8.0, 9.0, 7.5]);
        let walk = Walk::new(&orientation, file.shape);
        for x in 0..5 {
            for y in 0..3 {
                for z in 0..4 {
                    let index = file_index(&orientation, [x, y, z], file.shape);
                    assert_eq!(walk.at([x, y, z]), index[0] + 3 * (index[1] + 4 * index[2]));
                    let here = transform(&ras.world_from_voxel, [x, y, z].map(|i| i as f64));
                    let there = transform(&file.world_from_voxel, index.map(|i| i as f64));
                    for axis in 0..3 {
                        assert!((here[axis] - there[axis]).abs() < 1e-12);
                    }
                }
            }
        }
        let turned = Orientation::of(&ras.world_from_voxel).unwrap();
        assert_eq!(turned.axis_codes(), "RAS");
    }
}
