//! Which pixels a round brush covers.

use std::collections::BTreeSet;

/// The pixels whose centres a disk of `size` pixels across covers while its middle moves from the centre of one
/// pixel to that of another in a straight line; those within `extent` (columns, rows), each once. Size 1 is the
/// pixel itself.
#[must_use]
pub fn sweep(from: [i32; 2], to: [i32; 2], size: u32, extent: [usize; 2]) -> Vec<[usize; 2]> {
    let reach = size as i32 / 2;
    // Twice the distance, so that half pixels stay whole numbers.
    let is_covered = |dx: i32, dy: i32| 4 * (dx * dx + dy * dy) <= (size * size) as i32;
    let mut pixels = BTreeSet::new();
    for [x, y] in line(from, to) {
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let at = [x + dx, y + dy];
                let inside = (0..2).all(|axis| (0..extent[axis] as i32).contains(&at[axis]));
                if inside && is_covered(dx, dy) {
                    pixels.insert(at.map(|side| side as usize));
                }
            }
        }
    }
    pixels.into_iter().collect()
}

/// Pixels on the way, each at most one away from the next along either axis.
fn line(from: [i32; 2], to: [i32; 2]) -> impl Iterator<Item = [i32; 2]> {
    let steps = (to[0] - from[0]).abs().max((to[1] - from[1]).abs()).max(1);
    let at = move |axis: usize, step: i32| {
        let part = f64::from(step) / f64::from(steps);
        (f64::from(from[axis]) + part * f64::from(to[axis] - from[axis])).round() as i32
    };
    (0..=steps).map(move |step| [at(0, step), at(1, step)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: [usize; 2] = [20, 10];

    #[test]
    fn a_brush_is_round_and_ends_at_the_edge() {
        let dab = |at, size| sweep(at, at, size, EXTENT).len();
        assert_eq!([1, 2, 3, 5].map(|size| dab([9, 5], size)), [1, 5, 9, 21]);
        assert_eq!(dab([0, 0], 3), 4, "a corner keeps a quarter");
        assert_eq!(dab([-5, 5], 3), 0);
        assert!(
            !sweep([9, 5], [9, 5], 5, EXTENT).contains(&[7, 3]),
            "the corner of the square"
        );
    }

    #[test]
    fn a_quick_stroke_has_no_gaps() {
        let mut pixels = sweep([1, 1], [18, 7], 1, EXTENT);
        pixels.sort_unstable();
        assert_eq!((pixels[0], pixels[pixels.len() - 1]), ([1, 1], [18, 7]));
        for pair in pixels.windows(2) {
            assert!(
                pair[1][0] - pair[0][0] == 1 && pair[1][1].abs_diff(pair[0][1]) <= 1,
                "{pair:?}"
            );
        }
    }
}
