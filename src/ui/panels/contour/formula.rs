//! The contour's definition, with what is chosen.

use crate::contour::{Border, Choice, Frame, Operator, Shape};

/// LaTeX of `C_k = G_k − (G_k ⊖ B)`, with as many ⊖ as there are iterations (up to three, then in words).
pub fn definition(choice: &Choice) -> String {
    let repeated = |sign: &str| {
        let n = choice.iterations as usize;
        let more = if n > 3 {
            format!(r"\text{{ … {n} times}}")
        } else {
            String::new()
        };
        format!(r"(G_k {}{more})", format!(r"{sign} B ").repeat(n.min(3)))
    };
    let (left, right) = match choice.operator {
        Operator::Erode => ("G_k".into(), repeated(r"\ominus")),
        Operator::Dilate => (repeated(r"\oplus"), "G_k".into()),
        Operator::Gradient => (repeated(r"\oplus"), repeated(r"\ominus")),
    };
    format!("C_k = {left} - {right}")
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
            "Pixels outside the image count as background, so a class that touches the edge has a contour there."
        }
        Border::Ignore => {
            "Pixels outside the image do not erode a class, so a class that touches the edge has no contour there."
        }
    };
    format!("B holds {size}. {outside}")
}
