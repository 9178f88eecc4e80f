//! The contour's definition, with what is chosen.

use crate::contour::{Border, Choice, Frame, Operator, Shape};
use crate::ui::widgets::math::{mi, mn, mo, row, sub, words};

pub fn lines(choice: &Choice) -> Vec<String> {
    vec![definition(choice), element(choice)]
}

/// `C_k = G_k − (G_k ⊖ B)`, with as many ⊖ as there are iterations (up to three, then in words).
fn definition(choice: &Choice) -> String {
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

/// What B is, and what lies outside.
fn element(choice: &Choice) -> String {
    let side = if choice.shape == Shape::SquareEven {
        2
    } else {
        2 * choice.radius.min(99) + 1
    };
    let size = match choice.frame {
        Frame::Slice => format!(" pixels within {side} × {side}"),
        Frame::Volume => format!(" voxels within {side} × {side} × {side}"),
    };
    let count = choice
        .validate()
        .map_or(f64::NAN, |()| choice.offsets().len() as f64);
    let outside = match choice.border {
        Border::Background => "; outside the image counts as 0",
        Border::Ignore => "; outside the image never erodes",
    };
    row(&[
        mo("|"),
        mi("B"),
        mo("|"),
        mo("="),
        mn(count),
        words(&size),
        words(outside),
    ])
}
