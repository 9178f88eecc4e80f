//! A term's formula with the pixel's numbers in it. Classes stand by their numbers: names may be a visitor's.

mod pixel;
mod ratio;

use crate::contour::Weighting;
use crate::ui::panels::pixels::inspector::figure::{latex, latex_factor};
use crate::ui::panels::pixels::inspector::seen::Seen;
pub use pixel::{has_factor, pixel_lines};
pub use ratio::{has, is_dice, ratio_lines};

/// Summands that are written out; the rest is one.
const WRITTEN: usize = 2;

/// Whether the loss has a map of weights.
pub fn has_weight(seen: &Seen) -> bool {
    let parts = &seen.told.explained.parts;
    let even =
        matches!(parts.weighting, Weighting::Contour { base, lambda, .. } if base == 1.0 && lambda == 0.0);
    !even || parts.pixel.worst.is_some()
}

/// Whether it has weights of the classes.
pub fn has_class_weight(seen: &Seen) -> bool {
    seen.told.explained.parts.class_weight.iter().any(|a| *a != 1.0)
}

/// A probability, as what it lacks of 1 where the digits would not show that; `[p, 1 − p]`.
fn probability([p, miss]: [f64; 2]) -> String {
    if miss < 5e-4 {
        format!(r"\left(1 - {}\right)", latex(miss))
    } else {
        latex(p)
    }
}

/// The largest summands, by class, and the rest in one.
fn added(values: &[(usize, f64)]) -> String {
    let mut by_size: Vec<(usize, f64)> = values
        .iter()
        .copied()
        .filter(|(_, value)| *value != 0.0)
        .collect();
    by_size.sort_by(|(_, a), (_, b)| b.abs().total_cmp(&a.abs()));
    let written = by_size.len().min(WRITTEN);
    let (first, others) = by_size.split_at(written);
    let mut text = first
        .iter()
        .map(|(k, value)| format!(r"\underbrace{{{}}}_{{k = {k}}}", latex_factor(*value)))
        .collect::<Vec<_>>()
        .join(" + ");
    if !others.is_empty() {
        let rest = latex_factor(others.iter().map(|(_, value)| value).sum());
        text.push_str(&format!(
            r" + \underbrace{{{rest}}}_{{{} \text{{ more}}}}",
            others.len()
        ));
    }
    if text.is_empty() { "0".into() } else { text }
}
