//! Contours, which must be equal bit by bit.

use super::Trial;
use crate::contour::{Border, Choice, Frame, Operator, Shape, cpu};

/// D, H, W: a row of no vector, and fewer slices than an element has.
const DIMS: [usize; 3] = [3, 11, 21];

pub(super) fn contour(p: &mut Trial) {
    let labels = p.labels(DIMS.iter().product(), 4);
    let plain = Choice::default();
    let choices = [
        plain,
        Choice {
            border: Border::Background,
            iterations: 2,
            ..plain
        },
        Choice {
            operator: Operator::Dilate,
            shape: Shape::SquareEven,
            ..plain
        },
        Choice {
            operator: Operator::Gradient,
            shape: Shape::Disk,
            radius: 2,
            frame: Frame::Volume,
            ..plain
        },
    ];
    for choice in choices {
        let fast = cpu::fast_contour(&labels, DIMS, &choice);
        let twin = cpu::contour(&labels, DIMS, &choice);
        p.same(&fast, &twin);
    }
}
