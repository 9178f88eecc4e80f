//! Twin of `shaders/loss/fused_sums.wgsl`.

use super::Real;
use super::marks::LABEL_BIT;
use super::pixel_terms::{Rule, count, pixel_term};
use super::region_sums::Pairs;

/// What is known of each pixel (N, H, W) beside its logits.
#[derive(Clone, Copy, Debug)]
pub struct Pixels<'a, T> {
    /// Contour of class k at bit k, label from bit 27.
    pub marks: &'a [u32],
    pub weight: Weight<'a, T>,
    /// (N, K, H, W), for the rules that have one.
    pub field: &'a [T],
}

/// w of the pixel term.
#[derive(Clone, Copy, Debug)]
pub enum Weight<'a, T> {
    /// `base + lambda` on the contour of the class set `counted`, `base` off it.
    Contour { counted: u32, base: T, lambda: T },
    /// (N, H, W).
    Given(&'a [T]),
}

impl<T: Real> Pixels<'_, T> {
    /// Label, contour and weight of a pixel.
    #[must_use]
    pub fn at(&self, pixel: usize) -> (usize, u32, T) {
        let (label, contour) = (
            self.marks[pixel] >> LABEL_BIT,
            self.marks[pixel] & ((1 << LABEL_BIT) - 1),
        );
        let weight = match self.weight {
            Weight::Contour {
                counted,
                base,
                lambda,
            } if contour & counted != 0 => base + lambda,
            Weight::Contour { base, .. } => base,
            Weight::Given(weight) => weight[pixel],
        };
        (label as usize, contour, weight)
    }
}

/// Softmax of the logits of one pixel.
#[must_use]
pub fn softmax<T: Real>(logits: &[T]) -> Vec<T> {
    let mut largest = logits[0];
    for logit in logits {
        largest = largest.max(*logit);
    }
    let mut sum = T::zero();
    for logit in logits {
        sum += (*logit - largest).exp();
    }
    logits
        .iter()
        .map(|logit| (*logit - largest).exp() / sum)
        .collect()
}

/// K numbers of pixel x of an image (K, H, W).
#[must_use]
pub fn column<T: Real>(values: &[T], image: usize, x: usize, classes: usize, pixels: usize) -> Vec<T> {
    (0..classes)
        .filter_map(|k| values.get((image * classes + k) * pixels + x).copied())
        .collect()
}

/// Partials (strips, N, K, 2, 4) of the region sums and (strips, N, 2) of the pixel term and what it is divided by, from
/// logits (N, K, H, W) with `pixels` = H·W. `class_weight` (K).
pub fn fused_sums<T: Real>(
    partials: &mut [T],
    pixel_partials: &mut [T],
    logits: &[T],
    given: Pixels<'_, T>,
    class_weight: &[T],
    pairs: Pairs<'_, T>,
    pixels: usize,
    rule: Rule<T>,
    by_weight: bool,
) {
    let classes = class_weight.len();
    let samples = given.marks.len() / pixels;
    let strips = pixel_partials.len() / samples / 2;
    for strip in 0..strips {
        for image in 0..samples {
            let to = strip * samples + image;
            let mut sums = vec![T::zero(); classes * 8];
            let (mut values, mut counted) = (T::zero(), T::zero());
            for x in (strip..pixels).step_by(strips) {
                let (label, contour, weight) = given.at(image * pixels + x);
                let z = column(logits, image, x, classes, pixels);
                let field = column(given.field, image, x, classes, pixels);
                values += weight * pixel_term(&z, &field, label, class_weight, rule);
                counted += count(label, weight, class_weight, by_weight);
                for (k, p) in softmax(&z).into_iter().enumerate() {
                    let q = pairs.cost(label as u32, k, classes) * p;
                    let t = pairs.target(label as u32, k, classes);
                    let set = 8 * k + 4 * pairs.set(contour, k);
                    for (i, term) in [q * t, q, t, q * q].into_iter().enumerate() {
                        sums[set + i] += term;
                    }
                }
            }
            pixel_partials[2 * to] = values;
            pixel_partials[2 * to + 1] = counted;
            partials[to * classes * 8..(to + 1) * classes * 8].copy_from_slice(&sums);
        }
    }
}
