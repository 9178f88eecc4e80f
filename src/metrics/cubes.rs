//! How much surface runs through the cube between eight voxel centres.
//!
//! Nikolov et al. 2021 (arXiv:1809.04430, "surface Dice") weigh each corner of a voxel by the area of the
//! marching-cubes surface between the eight voxels that meet there (Lorensen and Cline 1987), with every
//! crossing in the middle of its edge. The areas are derived here from the geometry:
//!
//! 1. Of inside and outside, whichever has fewer of the eight voxels is cut off (half and half: inside), and
//!    voxels that are not joined along an edge of the cube are cut off apart.
//! 2. The crossings of the edges that leave such a group form one closed line, face by face.
//! 3. Where that line does not lie in a plane, the surface through it is the triangulation of largest area,
//!    judged on a cube of side 1. All triangulations of that area are equal for other spacings too.

/// In halves of an edge or as an area vector: (z, y, x).
type Vector = [f64; 3];

/// Bit `4z + 2y + x` of a code: the voxel at (z, y, x) of the cube is inside.
pub(super) const CODES: usize = 256;

/// The area in mm² for every code. With a z spacing of 1, the code of a slice taken twice gives the length of
/// its contour in mm.
pub(super) fn areas(spacing_mm: [f64; 3]) -> [f64; CODES] {
    let [z, y, x] = spacing_mm;
    // A face perpendicular to an axis grows with the other two spacings.
    let grown = [y * x, z * x, z * y];
    std::array::from_fn(|code| {
        surface(code as u8)
            .iter()
            .map(|normal| length(std::array::from_fn(|axis| normal[axis] * grown[axis])))
            .sum()
    })
}

/// Area vectors of the triangles in a cube of side 1.
fn surface(code: u8) -> Vec<Vector> {
    let fewer = if code.count_ones() > 4 { !code } else { code };
    groups(fewer)
        .into_iter()
        .flat_map(|group| largest(&outline(group)).1)
        .collect()
}

/// Voxels that are joined along edges of the cube, group by group.
fn groups(mut code: u8) -> Vec<u8> {
    let mut groups = Vec::new();
    while code != 0 {
        let mut group = 1 << code.trailing_zeros();
        loop {
            let reached = (0..8)
                .filter(|corner| group >> corner & 1 == 1)
                .fold(group, |reached, corner| {
                    reached | 1 << (corner ^ 1) | 1 << (corner ^ 2) | 1 << (corner ^ 4)
                });
            if reached & code == group {
                break;
            }
            group = reached & code;
        }
        code &= !group;
        groups.push(group);
    }
    groups
}

/// The closed line of crossings around a group of at most four joined voxels: every face has two of them or
/// none.
fn outline(group: u8) -> Vec<Vector> {
    let mut crossings = Vec::new();
    for corner in (0..8).filter(|corner| group >> corner & 1 == 1) {
        for axis in 0..3 {
            if group >> (corner ^ (4 >> axis)) & 1 == 0 {
                let mut crossing = [4, 2, 1].map(|bit| f64::from(u8::from(corner & bit != 0)));
                crossing[axis] = 0.5;
                crossings.push(crossing);
            }
        }
    }
    let mut line: Vec<Vector> = crossings.pop().into_iter().collect();
    while let Some(last) = line.last() {
        let on_one_face = |other: &Vector| (0..3).any(|axis| last[axis] != 0.5 && last[axis] == other[axis]);
        let Some(next) = crossings.iter().position(on_one_face) else {
            break;
        };
        line.push(crossings.swap_remove(next));
    }
    line
}

/// The triangulation of largest area, and that area.
fn largest(line: &[Vector]) -> (f64, Vec<Vector>) {
    let (Some(first), Some(last)) = (line.first(), line.last()) else {
        return (0.0, Vec::new());
    };
    let mut best = (0.0, Vec::new());
    // One triangle stands on the side from first to last; its tip splits the rest in two.
    for tip in 1..line.len() - 1 {
        let normal = area_vector(*first, line[tip], *last);
        let (before, mut normals) = largest(&line[..=tip]);
        let (after, others) = largest(&line[tip..]);
        let area = length(normal) + before + after;
        if area > best.0 {
            normals.extend(others);
            normals.push(normal);
            best = (area, normals);
        }
    }
    best
}

fn area_vector(a: Vector, b: Vector, c: Vector) -> Vector {
    let [u, v] = [b, c].map(|end| [0, 1, 2].map(|axis| end[axis] - a[axis]));
    let crossed = |i: usize, j: usize| (u[i] * v[j] - u[j] * v[i]) / 2.0;
    [crossed(1, 2), crossed(2, 0), crossed(0, 1)]
}

fn length(vector: Vector) -> f64 {
    vector.iter().map(|part| part * part).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of a few roots: rounding alone.
    const ROUNDING: f64 = 1e-12;

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= ROUNDING
    }

    #[test]
    fn flat_and_slanted_surfaces_have_the_areas_of_geometry() {
        let [z, y, x] = [2.5, 0.8, 1.1];
        let areas = areas([z, y, x]);
        assert_eq!([areas[0], areas[255]], [0.0; 2]);
        // Half the cube, along each axis.
        assert!(close(areas[0b0000_1111], y * x));
        assert!(close(areas[0b0011_0011], z * x));
        assert!(close(areas[0b0101_0101], z * y));
        // An edge along z is cut off by a slanted wall from the middle of y to the middle of x.
        assert!(close(areas[0b0001_0001], z * (y * y + x * x).sqrt() / 2.0));
        // One corner: half the parallelogram of two sides of the triangle.
        let corner = ((y * x).powi(2) + (z * x).powi(2) + (z * y).powi(2)).sqrt() / 8.0;
        for code in [1, 0b1000_0000, !1, !0b0001_0000] {
            assert!(close(areas[usize::from(code as u8)], corner));
        }
    }

    #[test]
    fn turning_the_cube_or_inside_out_changes_no_area() {
        let [z, y, x] = [2.5, 0.8, 1.1];
        let (some, turned) = (areas([z, y, x]), areas([x, z, y]));
        for code in 0..CODES {
            let corner = |corner: usize| [corner >> 2 & 1, corner >> 1 & 1, corner & 1];
            let moved = |map: fn([usize; 3]) -> usize| {
                (0..8)
                    .filter(|bit| code >> bit & 1 == 1)
                    .map(|bit| 1_usize << map(corner(bit)))
                    .sum::<usize>()
            };
            let mirrored = moved(|[z, y, x]| 4 * (1 - z) + 2 * y + x);
            let rotated = moved(|[z, y, x]| 4 * x + 2 * z + y);
            assert!(close(some[code], some[mirrored]), "{code:08b} mirrored");
            assert!(close(some[code], turned[rotated]), "{code:08b} turned");
            assert!(close(some[code], some[255 - code]), "{code:08b} inside out");
            assert!(code == 0 || code == 255 || some[code] > 0.0);
        }
    }

    #[test]
    fn a_bent_line_is_cut_into_planes() {
        // Three voxels round a corner: a half square, and a trapezium in the plane z + y + x = 1.5.
        let bent = areas([1.0; 3])[0b0000_0111];
        assert!(close(bent, 0.5 + 0.375 * 3.0_f64.sqrt()));
        // Four in a chain: two triangles of (0.25, 0.25, 0), and a quadrilateral in such a plane.
        let chain = areas([1.0; 3])[0b0010_0111];
        assert!(close(chain, 0.5 * 2.0_f64.sqrt() + 0.5 * 3.0_f64.sqrt()));
    }
}
