//! The contour's definition, with what is chosen.

use crate::contour::{Border, Choice, Frame, Operator, Shape};
use crate::ui::widgets::math::{mi, mo, row, sub, words};

/// `C_k = G_k − (G_k ⊖ B)`, with as many ⊖ as there are iterations (up to three, then in words).
pub fn definition(choice: &Choice) -> String {
    let mask = || sub("G", "k");
    let repeated = |sign: &str| {
        let n = choice.iterations as usize;
        let mut parts = vec![mo("("), mask()];
        for _ in 0..n.min(3) {
            parts.extend([mo(sign), mi("B")]);
        }
        if n > 3 {
            parts.push(words(&format!(" … {n} times")));
        }
        parts.push(mo(")"));
        row(&parts)
    };
    let (left, right) = match choice.operator {
        Operator::Erode => (mask(), repeated("⊖")),
        Operator::Dilate => (repeated("⊕"), mask()),
        Operator::Gradient => (repeated("⊕"), repeated("⊖")),
    };
    row(&[sub("C", "k"), mo("="), left, mo("−"), right])
}

/// What B is, and what lies outside, in words.
pub fn element(choice: &Choice) -> String {
    if choice.validate().is_err() {
        return String::new();
    }
    let side = if choice.shape == Shape::SquareEven {
        2
    } else {
        2 * choice.radius + 1
    };
    let count = choice.offsets().len();
    let size = match choice.frame {
        Frame::Slice => format!("{count} pixels within {side} × {side}"),
        Frame::Volume => format!("{count} voxels within {side} × {side} × {side}"),
    };
    let outside = match choice.border {
        Border::Background => {
            "Outside the image counts as background, so a class at the edge has a contour there."
        }
        Border::Ignore => "Outside the image never erodes, so a class at the edge has no contour there.",
    };
    format!("B holds {size}. {outside}")
}
