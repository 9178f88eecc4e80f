//! Where to walk: a window of a slice, and the boundary of a class.

/// The pixels of a slice that are visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First column and row.
    pub first: [usize; 2],
    /// Columns and rows.
    pub size: [usize; 2],
    pub slice: usize,
    /// Whether columns and rows are visited from the last to the first, as where a picture shows them mirrored.
    pub backwards: [bool; 2],
}

impl Window {
    /// `side` × `side` pixels around `[column, row, slice]`, moved and cut to lie within an image of that extent.
    #[must_use]
    pub fn around(at: [usize; 3], side: usize, extent: [usize; 3], backwards: [bool; 2]) -> Self {
        let size = [0, 1].map(|axis| side.min(extent[axis]));
        let first = [0, 1].map(|axis| at[axis].saturating_sub(side / 2).min(extent[axis] - size[axis]));
        Self {
            first,
            size,
            slice: at[2],
            backwards,
        }
    }

    /// Pixels.
    #[must_use]
    pub fn area(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// Column and row of the n-th pixel visited.
    #[must_use]
    pub fn pixel(&self, n: usize) -> [usize; 2] {
        let place = [n % self.size[0], n / self.size[0]];
        [0, 1].map(|axis| self.first[axis] + self.flip(axis, place[axis]))
    }

    /// When a pixel is visited, counted from 0; `None` outside the window.
    #[must_use]
    pub fn turn(&self, pixel: [usize; 2]) -> Option<usize> {
        let mut place = [0; 2];
        for axis in 0..2 {
            let inside = pixel[axis].checked_sub(self.first[axis])?;
            if inside >= self.size[axis] {
                return None;
            }
            place[axis] = self.flip(axis, inside);
        }
        Some(place[1] * self.size[0] + place[0])
    }

    fn flip(&self, axis: usize, place: usize) -> usize {
        if self.backwards[axis] {
            self.size[axis] - 1 - place
        } else {
            place
        }
    }
}

/// The pixel of a class nearest to `[column, row, slice]` that has a neighbour of another class beside, above or
/// below it: in the same slice if there is one, else in the nearest slice that has one.
pub fn nearest_boundary(
    label: impl Fn([usize; 3]) -> u8,
    extent: [usize; 3],
    class: u8,
    from: [usize; 3],
) -> Option<[usize; 3]> {
    let [columns, rows, slices] = extent;
    let is_boundary = |x: usize, y: usize, z: usize| {
        label([x, y, z]) == class
            && ((x > 0 && label([x - 1, y, z]) != class)
                || (x + 1 < columns && label([x + 1, y, z]) != class)
                || (y > 0 && label([x, y - 1, z]) != class)
                || (y + 1 < rows && label([x, y + 1, z]) != class))
    };
    let mut order: Vec<usize> = (0..slices).collect();
    order.sort_by_key(|slice| slice.abs_diff(from[2]));
    order.into_iter().find_map(|z| {
        let pixels = (0..rows).flat_map(|y| (0..columns).map(move |x| [x, y, z]));
        pixels
            .filter(|&[x, y, z]| is_boundary(x, y, z))
            .min_by_key(|&[x, y, _]| x.abs_diff(from[0]).pow(2) + y.abs_diff(from[1]).pow(2))
    })
}
