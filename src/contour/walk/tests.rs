//! The walk against the contour of the whole image.

use super::{Found, Made, Phase, Reason, Square, Verdict, Walk, Window, nearest_boundary};
use crate::contour::{Border, Choice, Error, Frame, IGNORED, Operator, Shape, cpu};

/// Columns, rows, slices.
const EXTENT: [usize; 3] = [17, 13, 5];
const CLASSES: usize = 3;

/// Slanted patches with a few stray voxels and a few of no class, which touch every edge.
fn label([x, y, z]: [usize; 3]) -> u8 {
    let i = (z * EXTENT[1] + y) * EXTENT[0] + x;
    if i * 2_654_435_761 % 89 < 3 {
        return IGNORED as u8;
    }
    let stray = if i * 2_654_435_761 % 97 < 4 { i } else { 0 };
    (((x + z) / 6 + (y + 2 * z) / 5 + stray) % CLASSES) as u8
}

fn choices() -> Vec<Choice> {
    let mut choices = Vec::new();
    for shape in [Shape::Square, Shape::Cross, Shape::Disk, Shape::SquareEven] {
        for operator in [Operator::Erode, Operator::Dilate, Operator::Gradient] {
            for border in [Border::Background, Border::Ignore] {
                for frame in [Frame::Slice, Frame::Volume] {
                    for (radius, iterations) in [(1, 1), (2, 1), (1, 3), (2, 2)] {
                        choices.push(Choice {
                            operator,
                            shape,
                            radius,
                            iterations,
                            border,
                            frame,
                        });
                    }
                }
            }
        }
    }
    choices
}

/// In the middle, and at two corners.
fn windows() -> [Window; 3] {
    [
        Window::around([8, 6, 2], 7, EXTENT, [false, false]),
        Window::around([0, 0, 0], 5, EXTENT, [true, true]),
        Window::around([16, 12, 4], 5, EXTENT, [true, false]),
    ]
}

fn walk(window: Window, class: u8, choice: Choice) -> Walk {
    Walk::new(label, EXTENT, window, class, choice).expect("a valid choice")
}

/// Class k's contour at bit k, of the whole image.
fn truth(choice: &Choice) -> Vec<u32> {
    let [columns, rows, slices] = EXTENT;
    let voxels = (0..slices).flat_map(|z| (0..rows).flat_map(move |y| (0..columns).map(move |x| [x, y, z])));
    let labels: Vec<u32> = voxels.map(|at| u32::from(label(at))).collect();
    cpu::contour(&labels, [slices, rows, columns], choice)
}

#[test]
fn every_walk_ends_at_the_contour_of_the_whole_image() {
    let mut on = 0;
    for choice in choices() {
        let truth = truth(&choice);
        for window in windows() {
            for class in 0..CLASSES as u8 {
                let walk = walk(window, class, choice);
                for n in walk.len() - window.area()..walk.len() {
                    let step = walk.step(n);
                    let [x, y] = step.pixel;
                    let bits = truth[(window.slice * EXTENT[1] + y) * EXTENT[0] + x];
                    let expected = bits >> class & 1 == 1;
                    on += usize::from(expected);
                    assert_eq!(step.verdict == Verdict::Contour, expected, "{choice:?} {step:?}");
                    let square = walk.square(Made::Contour, walk.len(), step.pixel);
                    assert_eq!(square == Square::In, expected, "{choice:?} {step:?}");
                }
            }
        }
    }
    assert!(on > 1000, "only {on} contour pixels were compared");
}

/// The passes count rows of the element; each verdict looks at its cells one by one.
#[test]
fn every_verdict_is_what_its_pass_leaves() {
    let mut verdicts = Vec::new();
    for choice in choices() {
        for window in windows() {
            let walk = walk(window, 1, choice);
            for n in 0..walk.len() - window.area() {
                let step = walk.step(n);
                let made = if step.phase == Phase::Erode {
                    Made::Eroded
                } else {
                    Made::Dilated
                };
                let [was, is] = walk.fields[step.pass]
                    .each_ref()
                    .map(|field| field.at(walk.voxel(step.pixel)));
                let expected = match (was, is) {
                    (true, true) => Verdict::Kept,
                    (true, false) => Verdict::Removed,
                    (false, true) => Verdict::Added,
                    (false, false) => Verdict::StaysOut,
                };
                assert_eq!(step.verdict, expected, "{choice:?} {step:?}");
                let square = walk.square(made, n + 1, step.pixel);
                let changed = [Verdict::Removed, Verdict::Added].contains(&step.verdict);
                assert!(!changed || square == Square::Changed, "{square:?} after {step:?}");
                verdicts.push(step.verdict);
            }
        }
    }
    for verdict in [Verdict::Kept, Verdict::Removed, Verdict::Added, Verdict::StaysOut] {
        assert!(verdicts.contains(&verdict), "{verdict:?} never occurred");
    }
}

#[test]
fn what_lies_beyond_the_image_follows_the_border_rule() {
    let beyond = |operator, border| {
        let choice = Choice {
            operator,
            border,
            ..Choice::default()
        };
        let Reason::Element(cells) = walk(windows()[1], label([0, 0, 0]), choice).step(24).reason else {
            panic!("the first pass lays the element");
        };
        let outside = cells
            .iter()
            .filter(|cell| cell.offset[0] < 0 || cell.offset[1] < 0);
        let found: Vec<_> = outside.map(|cell| cell.found).collect();
        assert_eq!(
            found.len(),
            5,
            "the last pixel of a walk backwards is the first of the image"
        );
        assert!(found.iter().all(|other| *other == found[0]));
        found[0]
    };
    assert_eq!(
        beyond(Operator::Erode, Border::Ignore),
        Found::Beyond { counts: true }
    );
    assert_eq!(
        beyond(Operator::Erode, Border::Background),
        Found::Beyond { counts: false }
    );
    assert_eq!(
        beyond(Operator::Dilate, Border::Ignore),
        Found::Beyond { counts: false }
    );
}

#[test]
fn an_even_element_is_mirrored_in_a_dilation() {
    let offsets = |operator| {
        let choice = Choice {
            operator,
            shape: Shape::SquareEven,
            ..Choice::default()
        };
        let Reason::Element(cells) = walk(windows()[0], 1, choice).step(0).reason else {
            panic!("the first pass lays the element");
        };
        cells.iter().map(|cell| cell.offset).collect::<Vec<_>>()
    };
    assert_eq!(
        offsets(Operator::Erode),
        [[-1, -1, 0], [0, -1, 0], [-1, 0, 0], [0, 0, 0]]
    );
    assert_eq!(
        offsets(Operator::Dilate),
        [[1, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0]]
    );
}

#[test]
fn windows_lie_within_the_image_and_count_both_ways() {
    let window = Window::around([16, 0, 3], 6, EXTENT, [true, false]);
    assert_eq!((window.first, window.size, window.slice), ([11, 0], [6, 6], 3));
    assert_eq!(window.pixel(0), [16, 0]);
    for turn in 0..window.area() {
        assert_eq!(window.turn(window.pixel(turn)), Some(turn));
    }
    assert_eq!(window.turn([10, 0]), None);
    assert_eq!(window.turn([16, 6]), None);
    let small = Window::around([1, 1, 0], 12, [3, 40, 1], [false, false]);
    assert_eq!((small.first, small.size), ([0, 0], [3, 12]));
}

#[test]
fn the_walk_begins_at_a_telling_pixel() {
    let window = windows()[0];
    let walk = walk(window, 1, Choice::default());
    let steps = walk.telling([8, 6]);
    assert_eq!(walk.step(steps - 1).verdict, Verdict::Removed);
    let whole = Walk::new(|_| 1, EXTENT, window, 1, Choice::default()).expect("a valid choice");
    assert_eq!(whole.telling([8, 6]), 0);
}

#[test]
fn the_nearest_boundary_is_found_in_the_slice_before_other_slices() {
    let block = |[x, y, z]: [usize; 3]| u8::from(z >= 2 && (3..9).contains(&x) && (4..9).contains(&y));
    assert_eq!(nearest_boundary(block, EXTENT, 1, [6, 6, 3]), Some([6, 4, 3]));
    assert_eq!(nearest_boundary(block, EXTENT, 1, [16, 6, 0]), Some([8, 6, 2]));
    assert_eq!(nearest_boundary(block, EXTENT, 2, [6, 6, 3]), None);
    assert_eq!(
        nearest_boundary(|_| 1, EXTENT, 1, [6, 6, 3]),
        None,
        "a full image has no boundary"
    );
}

#[test]
fn a_choice_out_of_range_is_refused() {
    let choice = Choice {
        radius: 0,
        ..Choice::default()
    };
    let refused = Walk::new(label, EXTENT, windows()[0], 1, choice);
    assert_eq!(refused.err(), Some(Error::Radius(0)));
}
