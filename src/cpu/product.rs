//! Matrix products by the `gemm` crate: the part of it for f32, since the others take minutes to compile.

use gemm_common::Parallelism;
use gemm_f32::gemm::f32::get_gemm_fn;

/// A matrix in a slice: element (row, column) at row · `strides[0]` + column · `strides[1]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix<'a> {
    pub values: &'a [f32],
    pub strides: [usize; 2],
}

/// `to` (m, n) = `a` (m, k) · `b` (k, n), added to what is there if `accumulate`. `strides` are those of `to`.
///
/// # Panics
/// If a matrix reaches beyond its slice.
pub(super) fn product(
    to: &mut [f32],
    strides: [usize; 2],
    a: Matrix<'_>,
    b: Matrix<'_>,
    [m, k, n]: [usize; 3],
    accumulate: bool,
) {
    let reach = |[rows, columns]: [usize; 2], strides: [usize; 2]| {
        (rows - 1) * strides[0] + (columns - 1) * strides[1]
    };
    assert!(m > 0 && n > 0 && k > 0, "an empty matrix: {m} × {k} × {n}");
    assert!(reach([m, n], strides) < to.len());
    assert!(reach([m, k], a.strides) < a.values.len());
    assert!(reach([k, n], b.strides) < b.values.len());
    let step = |strides: [usize; 2]| strides.map(|stride| stride as isize);
    let [[to_row, to_column], [a_row, a_column], [b_row, b_column]] =
        [step(strides), step(a.strides), step(b.strides)];
    // The library is made for results whose columns are contiguous; here rows are, so it is given the transposed product.
    // SAFETY: all three matrices lie within their slices, as has just been checked, and `to` is borrowed exclusively.
    unsafe {
        get_gemm_fn()(
            n,
            m,
            k,
            to.as_mut_ptr(),
            to_row,
            to_column,
            accumulate,
            b.values.as_ptr(),
            b_row,
            b_column,
            a.values.as_ptr(),
            a_row,
            a_column,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strides_choose_rows_and_columns() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let rows = |values, strides| Matrix { values, strides };
        let mut to = [10.0_f32; 4];
        // (2, 3) · (3, 2), the second the first one's transpose.
        product(
            &mut to,
            [2, 1],
            rows(&a, [3, 1]),
            rows(&a, [1, 3]),
            [2, 3, 2],
            false,
        );
        assert_eq!(to, [14.0, 32.0, 32.0, 77.0]);
        product(
            &mut to,
            [2, 1],
            rows(&a, [3, 1]),
            rows(&a, [1, 3]),
            [2, 3, 2],
            true,
        );
        assert_eq!(to, [28.0, 64.0, 64.0, 154.0]);
    }

    #[test]
    #[should_panic(expected = "a.values.len()")]
    fn a_matrix_beyond_its_slice_is_refused() {
        let values = [0.0; 5];
        let matrix = Matrix {
            values: &values,
            strides: [3, 1],
        };
        product(&mut [0.0; 4], [2, 1], matrix, matrix, [2, 3, 2], false);
    }
}
