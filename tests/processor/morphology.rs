//! Erosion and dilation, which must be equal bit by bit.

use contour_lab::contour::{Choice, Frame, Shape};
use contour_lab::cpu::morphology;
use contour_lab::reference;

/// D, H, W: narrower, lower and flatter than some of the elements, and wider than a vector.
const DIMS: [[usize; 3]; 4] = [[1, 1, 1], [2, 3, 5], [3, 9, 21], [1, 20, 70]];

#[test]
fn class_sets_are_those_of_the_twins() {
    for dims in DIMS {
        let bits: Vec<u32> = (1..=dims.iter().product::<usize>() as u32)
            .map(|i| i.wrapping_mul(0x9e37_79b9).rotate_left(i % 32))
            .collect();
        for shape in [Shape::Square, Shape::Cross, Shape::Disk, Shape::SquareEven] {
            for (radius, frame) in [(1, Frame::Slice), (2, Frame::Volume), (4, Frame::Slice)] {
                let choice = Choice {
                    shape,
                    radius,
                    frame,
                    ..Choice::default()
                };
                let element = choice.offsets();
                let [mut fast, mut twin] = [vec![7; bits.len()], vec![9; bits.len()]];
                for outside in [0, !0] {
                    morphology::erode(&mut fast, &bits, &element, dims, outside);
                    reference::erode::erode(&mut twin, &bits, &element, dims, outside);
                    assert_eq!(fast, twin, "erosion, {choice:?} in {dims:?}");
                }
                morphology::dilate(&mut fast, &bits, &element, dims);
                reference::dilate::dilate(&mut twin, &bits, &element, dims);
                assert_eq!(fast, twin, "dilation, {choice:?} in {dims:?}");
            }
        }
    }
}
