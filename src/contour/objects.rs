//! Connected components of a label.

/// The number of each pixel's object in its slice, from 1 in the order in which their first pixels stand; 0 on the
/// background and where a label is of no class. An object is a 4-connected component of the foreground, whatever its
/// classes; `labels` and the result are (D, H, W).
#[must_use]
pub fn objects<L: Copy + Into<u32>>(labels: &[L], dims: [usize; 3]) -> Vec<u32> {
    let [_, height, width] = dims;
    let mut objects = vec![0; labels.len()];
    let mut to_visit = Vec::new();
    let is_foreground = |label: L| (1..u32::BITS).contains(&label.into());
    for (labels, objects) in labels
        .chunks_exact(height * width)
        .zip(objects.chunks_exact_mut(height * width))
    {
        let mut count = 0;
        for start in 0..labels.len() {
            if !is_foreground(labels[start]) || objects[start] != 0 {
                continue;
            }
            count += 1;
            objects[start] = count;
            to_visit.push(start);
            while let Some(i) = to_visit.pop() {
                let (y, x) = (i / width, i % width);
                let neighbours = [
                    (x > 0).then(|| i - 1),
                    (x + 1 < width).then_some(i + 1),
                    (y > 0).then(|| i - width),
                    (y + 1 < height).then_some(i + width),
                ];
                for next in neighbours.into_iter().flatten() {
                    if is_foreground(labels[next]) && objects[next] == 0 {
                        objects[next] = count;
                        to_visit.push(next);
                    }
                }
            }
        }
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_touch_at_sides_not_corners_and_restart_in_each_slice() {
        #[rustfmt::skip]
        let labels: [u8; 24] = [
            1, 2, 0, 1,
            0, 1, 0, 1,
            3, 0, 1, 0,

            0, 0, 0, 0,
            2, 0, 2, 0,
            2, 2, 2, 0,
        ];
        #[rustfmt::skip]
        let expected = [
            1, 1, 0, 2,
            0, 1, 0, 2,
            3, 0, 4, 0,

            0, 0, 0, 0,
            1, 0, 1, 0,
            1, 1, 1, 0,
        ];
        assert_eq!(objects(&labels, [2, 3, 4]), expected);
    }
}
