//! Four by four matrices, as far as an image in space needs them.

/// Rows of a matrix that takes homogeneous voxel indices to millimetres, or back.
pub type Affine = [[f64; 4]; 4];

/// `affine · (point, 1)`.
#[must_use]
pub fn transform(affine: &Affine, point: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|row| {
        (0..3)
            .map(|column| affine[row][column] * point[column])
            .sum::<f64>()
            + affine[row][3]
    })
}

/// `a · b`.
pub(super) fn product(a: &Affine, b: &Affine) -> Affine {
    std::array::from_fn(|row| {
        std::array::from_fn(|column| (0..4).map(|inner| a[row][inner] * b[inner][column]).sum())
    })
}

pub(super) fn from_rows(rows: [[f64; 4]; 3]) -> Affine {
    [rows[0], rows[1], rows[2], [0.0, 0.0, 0.0, 1.0]]
}

/// Lengths of the first three columns: what one voxel step along each axis covers.
pub(super) fn column_lengths(affine: &Affine) -> [f64; 3] {
    std::array::from_fn(|column| {
        (0..3)
            .map(|row| affine[row][column] * affine[row][column])
            .sum::<f64>()
            .sqrt()
    })
}

/// The first three columns, each scaled to length one; `None` where one has no length.
pub(super) fn directions(affine: &Affine) -> Option<[[f64; 3]; 3]> {
    let lengths = column_lengths(affine);
    if !lengths.iter().all(|&length| length.is_finite() && length > 0.0) {
        return None;
    }
    Some(std::array::from_fn(|row| {
        std::array::from_fn(|column| affine[row][column] / lengths[column])
    }))
}

pub(super) fn determinant(m: &[[f64; 3]; 3]) -> f64 {
    (0..3)
        .map(|column| m[0][column] * cofactor(m, 0, column))
        .sum::<f64>()
}

fn cofactor(m: &[[f64; 3]; 3], row: usize, column: usize) -> f64 {
    let at = |r: usize, c: usize| m[(row + r) % 3][(column + c) % 3];
    at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)
}

/// The inverse transposed; `None` where the matrix squashes space.
pub(super) fn inverse_transposed(m: &[[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let determinant = determinant(m);
    if determinant == 0.0 || !determinant.is_finite() {
        return None;
    }
    Some(std::array::from_fn(|row| {
        std::array::from_fn(|column| cofactor(m, row, column) / determinant)
    }))
}

/// The inverse of an affine; `None` where it squashes space.
pub(super) fn inverse(affine: &Affine) -> Option<Affine> {
    let linear: [[f64; 3]; 3] = std::array::from_fn(|row| std::array::from_fn(|column| affine[row][column]));
    let transposed = inverse_transposed(&linear)?;
    let mut rows = [[0.0; 4]; 3];
    for row in 0..3 {
        for column in 0..3 {
            rows[row][column] = transposed[column][row];
        }
        rows[row][3] = -(0..3)
            .map(|column| transposed[column][row] * affine[column][3])
            .sum::<f64>();
    }
    Some(from_rows(rows))
}

/// The rotation (or reflection) nearest to `m`: the orthogonal factor of its polar decomposition, by
/// Newton's iteration (Higham 1986). Quadratic, so a dozen rounds suffice for any usable matrix.
pub(super) fn nearest_orthogonal(m: &[[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let mut current = *m;
    for _ in 0..40 {
        let other = inverse_transposed(&current)?;
        let mut change = 0.0_f64;
        for row in 0..3 {
            for column in 0..3 {
                let next = 0.5 * (current[row][column] + other[row][column]);
                change = change.max((next - current[row][column]).abs());
                current[row][column] = next;
            }
        }
        if change < 1e-14 {
            break;
        }
    }
    Some(current)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBLIQUE: Affine = [
        [8.467, -2.973, 0.570, -40.25],
        [2.651, 8.169, 2.242, -95.5],
        [-1.510, -2.329, 7.134, -20.125],
        [0.0, 0.0, 0.0, 1.0],
    ];

    #[test]
    fn inverse_undoes_and_a_squashed_matrix_has_none() {
        let identity = product(&OBLIQUE, &inverse(&OBLIQUE).unwrap());
        for row in 0..4 {
            for column in 0..4 {
                let expected = if row == column { 1.0 } else { 0.0 };
                assert!((identity[row][column] - expected).abs() < 1e-12);
            }
        }
        let mut flat = OBLIQUE;
        for row in 0..3 {
            flat[row][2] = 0.0;
        }
        assert!(inverse(&flat).is_none());
        assert!(directions(&flat).is_none());
    }

    #[test]
    fn the_orthogonal_factor_is_orthogonal_and_keeps_handedness() {
        let mut sheared = directions(&OBLIQUE).unwrap();
        sheared[0][1] += 0.4;
        sheared[2] = sheared[2].map(|x| -x);
        let q = nearest_orthogonal(&sheared).unwrap();
        assert!((determinant(&q) + 1.0).abs() < 1e-12);
        for a in 0..3 {
            for b in 0..3 {
                let dot: f64 = (0..3).map(|row| q[row][a] * q[row][b]).sum();
                assert!((dot - if a == b { 1.0 } else { 0.0 }).abs() < 1e-12);
            }
        }
    }
}
