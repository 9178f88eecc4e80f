//! The arithmetic of one pixel, term by term.

use super::{Explained, Given, Share};
use crate::reference::logit_gradient::logit_gradient;

/// All that is known of a pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Below K, or of no class: then no term counts the pixel.
    pub label: u32,
    /// The class of the largest logit.
    pub predicted: u32,
    /// Class k's contour at bit k.
    pub contour: u32,
    /// w.
    pub weight: f32,
    /// a of the label; 0 where it is of no class.
    pub class_weight: f64,
    /// One for each class.
    pub logits: Vec<f32>,
    pub p: Vec<f32>,
    /// ∂L/∂z.
    pub gradient: Vec<f32>,
    /// The terms that the loss has, in order; none where the label is of no class.
    pub lines: Vec<Line>,
    /// What the pixel adds to the loss: the sum of the lines.
    pub share: f32,
    /// Pixels of the slice.
    pub pixels: usize,
}

/// A term at a pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub term: Share,
    /// What the pixel adds to the loss by it.
    pub share: f32,
    /// Its part of ∂L/∂z, one for each class.
    pub gradient: Vec<f32>,
    /// For a ratio: each class with the coefficients s of (pg, p, g, p²) and what they give.
    pub classes: Vec<([f32; 4], f32)>,
}

impl Explained {
    /// The pixel with index `x` of the slice.
    ///
    /// # Panics
    /// If the slice has no such pixel.
    #[must_use]
    pub fn inspect(&self, given: &Given, x: usize) -> Inspection {
        let [_, classes, h, w] = given.shape;
        let pixels = h * w;
        let at = |map: &[f32]| -> Vec<f32> { (0..classes).map(|k| map[k * pixels + x]).collect() };
        let (label, contour) = (given.labels[x], given.contour[x]);
        let (logits, p) = (at(&given.logits), at(&self.maps.p));
        let terms = [Share::Pixel, Share::Contour, Share::Rest];
        let lines: Vec<Line> = terms
            .into_iter()
            .enumerate()
            .filter(|(i, _)| (label as usize) < classes && self.has(*i))
            .map(|(i, term)| Line {
                term,
                share: self.maps.shares[i * pixels + x],
                gradient: self.gradient_of(i, given, x),
                classes: self.ratio_of(i, given, x),
            })
            .collect();
        let predicted = (1..classes).fold(0, |best, k| if logits[k] > logits[best] { k } else { best });
        Inspection {
            label,
            predicted: predicted as u32,
            contour,
            weight: self.weight[x],
            class_weight: self
                .parts
                .class_weight
                .get(label as usize)
                .copied()
                .unwrap_or(0.0),
            gradient: at(&self.maps.dlogits),
            share: lines.iter().map(|line| line.share).sum(),
            logits,
            p,
            lines,
            pixels,
        }
    }

    /// Whether the loss has the pixel term, the ratio on the contours, the ratio off them.
    fn has(&self, term: usize) -> bool {
        let region = &self.parts.region;
        match term {
            0 => self.parts.pixel.alpha != 0.0,
            1 => region.split && region.beta != 0.0 && region.lambda[0] != 0.0,
            _ => region.beta != 0.0 && region.lambda[1] != 0.0,
        }
    }

    /// A term's own gradient: that of the whole with the other terms' coefficients taken away.
    fn gradient_of(&self, term: usize, given: &Given, x: usize) -> Vec<f32> {
        let [_, classes, h, w] = given.shape;
        let at = |map: &[f32]| -> Vec<f32> {
            let value = |k: usize| map.get(k * h * w + x).copied();
            (0..classes).filter_map(value).collect()
        };
        let mut coefficients = self.maps.coefficients.clone();
        let (regions, scales) = coefficients.split_at_mut(16 * classes);
        if term != 0 {
            scales.fill(0.0);
        }
        for (set, slopes) in regions.chunks_mut(8).enumerate() {
            if set % 2 + 1 != term {
                slopes.fill(0.0);
            }
        }
        let mut gradient = at(&self.maps.p);
        let costs = self.parts.costs();
        logit_gradient(
            &mut gradient,
            &at(&given.logits),
            &[given.labels[x]],
            &[given.contour[x]],
            &[self.weight[x]],
            &self.parts.class_weights::<f32>(),
            &coefficients,
            &at(&self.maps.field),
            self.parts.pairs(&costs),
            1,
            self.parts.pixel.term.rule(),
        );
        gradient
    }

    /// How a ratio is shared out to the pixel; nothing for the pixel term.
    fn ratio_of(&self, term: usize, given: &Given, x: usize) -> Vec<([f32; 4], f32)> {
        let [_, classes, h, w] = given.shape;
        if term == 0 {
            return Vec::new();
        }
        let costs = self.parts.costs::<f32>();
        let pairs = self.parts.pairs(&costs);
        let (label, contour) = (given.labels[x], given.contour[x]);
        let share = |k: usize| {
            let set = pairs.set(contour, k);
            if set + 1 != term {
                return ([0.0; 4], 0.0);
            }
            let from = 16 * k + 8 * set + 3;
            let coefficients = &self.maps.coefficients[from..from + 5];
            let q = pairs.cost(label, k, classes) * self.maps.p[k * h * w + x];
            let t = pairs.target(label, k, classes);
            let s = [1, 2, 3, 4].map(|i| coefficients[i]);
            let value = coefficients[0] + s[0] * q * t + s[1] * q + s[2] * t + s[3] * q * q;
            (s, value)
        };
        (0..classes).map(share).collect()
    }
}
