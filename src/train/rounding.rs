//! What activations of 16 bits cost in digits, on the slice that is shown.

use serde::{Deserialize, Serialize};

/// One slice predicted twice by the same weights: with f16 activations, and with f32.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rounding {
    /// The largest difference between two logits; infinite where one is past the largest f16, or no number any more.
    pub largest_logit: f64,
    /// Pixels whose class differs.
    pub changed: usize,
    pub pixels: usize,
    /// The loss of the slice, with f16 and with f32.
    pub losses: [f64; 2],
}

impl Rounding {
    /// Of logits (K, H, W).
    pub(super) fn between([half, full]: [&[f32]; 2], classes: usize, losses: [f64; 2]) -> Self {
        let pixels = full.len() / classes;
        let class = |logits: &[f32], pixel: usize| {
            let value = |class: &usize| logits[class * pixels + pixel];
            // As net::argmax: of equals, the first.
            (0..classes).rev().max_by(|a, b| value(a).total_cmp(&value(b)))
        };
        let apart = half.iter().zip(full).map(|(a, b)| {
            let apart = f64::from((a - b).abs());
            // A maximum passes over NaN.
            if apart.is_nan() { f64::INFINITY } else { apart }
        });
        Self {
            largest_logit: apart.fold(0.0, f64::max),
            changed: (0..pixels)
                .filter(|pixel| class(half, *pixel) != class(full, *pixel))
                .count(),
            pixels,
            losses,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_that_cross_change_a_class_and_ties_do_not() {
        // Two classes, three pixels: the second crosses, the third is a tie in both.
        let full = [1.0, 0.5, 0.0, 0.0, 0.25, 0.0];
        let half = [1.25, 0.0, 0.0, 0.0, 0.25, 0.0];
        let rounding = Rounding::between([&half, &full], 2, [0.5, 0.25]);
        assert_eq!(
            (rounding.largest_logit, rounding.changed, rounding.pixels),
            (0.5, 1, 3)
        );
    }

    #[test]
    fn a_logit_that_overflowed_is_no_small_difference() {
        let full = [1.0, 0.0];
        for spoilt in [f32::NAN, f32::INFINITY] {
            let rounding = Rounding::between([&[spoilt, 0.0], &full], 2, [0.0; 2]);
            assert_eq!(rounding.largest_logit, f64::INFINITY);
        }
    }
}
