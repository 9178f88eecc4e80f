//! The terms of a loss at a pixel, in the steps in which one would work them out by hand.

use super::{Explained, Given, Line, Share, Term};
use crate::reference::region_ratios::ClassWeighting;

/// A term at a pixel.
#[derive(Clone, Debug, PartialEq)]
pub enum Worked {
    Pixel(PixelWork),
    Ratio(RatioWork),
}

/// `share = α · w · a · value / divisor`, times the slope of the logarithm where there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct PixelWork {
    pub term: Term,
    /// p of the true class, and 1 − p without cancellation.
    pub p: [f64; 2],
    /// −log p of the true class, and the mean of −log p over all classes.
    pub surprise: [f64; 2],
    /// What each class adds to the value; empty where the term asks for the true class alone.
    pub classes: Vec<Summand>,
    pub value: f64,
    /// w.
    pub weight: f64,
    /// a of the label; 1 where it stands with each class.
    pub class_weight: f64,
    pub alpha: f64,
    /// Pixels of the slice that count: |Ω|.
    pub counted: usize,
    /// That, times classes where the mean runs over them too; or Σ w·a.
    pub divisor: f64,
    /// The mean m whose log(1 + m) is taken, and log(1 + m)/m: what is left of every share.
    pub logarithm: Option<[f64; 2]>,
    pub share: f64,
}

/// A class in a pixel term that sums over them: `value = a · field · of_p`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summand {
    /// a.
    pub class_weight: f64,
    /// p, (p − g)² or, of a sigmoid, q.
    pub of_p: f64,
    /// φ or d_p^α + d_g^α, in pixels and powers of them; 1 for a sigmoid.
    pub field: f64,
    pub value: f64,
}

/// A ratio at a pixel: the sum of what its classes add.
#[derive(Clone, Debug, PartialEq)]
pub struct RatioWork {
    /// Classes with a part in it, by number.
    pub classes: Vec<RatioSummand>,
    /// The power that the coefficients contain, if it is not 1.
    pub power: Option<f64>,
    /// Whether they contain a weight u of the class.
    pub has_class_weight: bool,
    /// Whether q is not p but the cost of it, and t not g but the foreground.
    pub has_costs: bool,
}

/// `value = s₀ + s_qt·q·t + s_q·q + s_t·t + s_qq·q²`, β, λ and the number of ratios being inside s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioSummand {
    pub class: usize,
    pub q: f64,
    pub t: f64,
    /// s₀.
    pub constant: f64,
    /// Of qt, q, t, q².
    pub s: [f64; 4],
    pub value: f64,
}

impl Explained {
    /// A line of [`Explained::inspect`] for the pixel with index `x`.
    ///
    /// # Panics
    /// If the slice has no such pixel, or it is of no class.
    #[must_use]
    pub fn work(&self, given: &Given, x: usize, line: &Line) -> Worked {
        match line.term {
            Share::Contour => Worked::Ratio(self.ratio_work(given, x, 0, line)),
            Share::Rest => Worked::Ratio(self.ratio_work(given, x, 1, line)),
            Share::Pixel | Share::Total | Share::Gradient => Worked::Pixel(self.pixel_work(given, x)),
        }
    }

    /// What all pixels of the slice add by a term: the sum of their shares, in f64.
    #[must_use]
    pub fn sum(&self, term: Share) -> f64 {
        self.map(term).iter().map(|value| f64::from(*value)).sum::<f64>() / self.weight.len() as f64
    }

    /// A term as it enters the loss, with α, β and λ.
    #[must_use]
    pub fn entry(&self, term: Share) -> f64 {
        let (terms, region) = (&self.maps.terms, &self.parts.region);
        match term {
            Share::Pixel => self.parts.pixel.alpha * f64::from(terms.pixel),
            Share::Contour => region.beta * region.lambda[0] * f64::from(terms.contour),
            Share::Rest => region.beta * region.lambda[1] * f64::from(terms.rest),
            Share::Total | Share::Gradient => f64::from(terms.total),
        }
    }

    fn pixel_work(&self, given: &Given, x: usize) -> PixelWork {
        let [_, classes, h, w] = given.shape;
        let pixels = h * w;
        let (pixel, label) = (&self.parts.pixel, given.labels[x] as usize);
        let logits: Vec<f64> = (0..classes)
            .map(|k| f64::from(given.logits[k * pixels + x]))
            .collect();
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let exp: Vec<f64> = logits.iter().map(|z| (z - largest).exp()).collect();
        let sum: f64 = exp.iter().sum();
        let others: f64 = (0..classes).filter(|k| *k != label).map(|k| exp[k]).sum();
        let mean_logit = logits.iter().sum::<f64>() / classes as f64;
        let surprise = [logits[label], mean_logit].map(|z| sum.ln() - (z - largest));
        let p = [exp[label] / sum, others / sum];

        let a = |k: usize| self.parts.class_weight[k];
        let summand = |k: usize, of_p: f64| {
            let field = f64::from(self.maps.field[k * pixels + x]);
            let class_weight = a(k);
            Summand {
                class_weight,
                of_p,
                field,
                value: class_weight * field * of_p,
            }
        };
        let (mut class_weight, mut by_class) = (1.0, Vec::new());
        let value = match pixel.term {
            Term::CrossEntropy { smoothing, gamma } => {
                class_weight = a(label);
                (1.0 - smoothing) * p[1].powf(gamma) * surprise[0] + smoothing * surprise[1]
            }
            Term::Sigmoid { gamma } => {
                by_class = (0..classes)
                    .map(|k| sigmoid(logits[k], k == label, gamma, a(k)))
                    .collect();
                by_class.iter().map(|class| class.value).sum()
            }
            Term::Boundary => {
                by_class = (0..classes).map(|k| summand(k, exp[k] / sum)).collect();
                by_class.iter().map(|class| class.value).sum()
            }
            Term::Hausdorff { .. } => {
                let miss = |k: usize| if k == label { p[1] } else { exp[k] / sum };
                by_class = (0..classes).map(|k| summand(k, miss(k).powi(2))).collect();
                by_class.iter().map(|class| class.value).sum()
            }
        };
        let weights = self.weight.iter().zip(given.labels.iter());
        let weights = weights.filter(|(_, y)| (**y as usize) < classes);
        let counted = weights.clone().count();
        let divisor = if pixel.by_weight {
            weights.map(|(w, y)| f64::from(*w) * a(*y as usize)).sum()
        } else {
            pixel.divisor * counted as f64
        };
        let logarithm = pixel.logarithm.then(|| {
            let of_mean = f64::from(self.maps.terms.pixel);
            let mean = of_mean.exp_m1();
            [mean, if mean > 0.0 { of_mean / mean } else { 1.0 }]
        });
        let weight = f64::from(self.weight[x]);
        let whole = pixel.alpha * weight * class_weight * value * logarithm.map_or(1.0, |[_, left]| left);
        PixelWork {
            term: pixel.term,
            p,
            surprise,
            classes: by_class,
            value,
            weight,
            class_weight,
            alpha: pixel.alpha,
            counted,
            divisor,
            logarithm,
            share: if divisor > 0.0 { whole / divisor } else { 0.0 },
        }
    }

    fn ratio_work(&self, given: &Given, x: usize, set: usize, line: &Line) -> RatioWork {
        let [_, classes, h, w] = given.shape;
        let costs = self.parts.costs::<f64>();
        let pairs = self.parts.pairs(&costs);
        let (label, contour) = (given.labels[x], given.contour[x]);
        let summand = |k: usize| RatioSummand {
            class: k,
            q: pairs.cost(label, k, classes) * f64::from(self.maps.p[k * h * w + x]),
            t: pairs.target(label, k, classes),
            constant: f64::from(self.maps.coefficients[16 * k + 8 * set + 3]),
            s: line.classes[k].0.map(f64::from),
            value: f64::from(line.classes[k].1),
        };
        let ratio = &self.parts.region.ratio;
        RatioWork {
            classes: (0..classes)
                .filter(|k| pairs.set(contour, *k) == set)
                .map(summand)
                .filter(|class| class.constant != 0.0 || class.s != [0.0; 4])
                .collect(),
            power: (ratio.exponent != 1.0).then_some(ratio.exponent),
            has_class_weight: ratio.weighting != ClassWeighting::Equal,
            has_costs: !costs.is_empty(),
        }
    }
}

/// `a (1 − q)^γ (−log q)`, q the sigmoid's probability of what is true of the class.
fn sigmoid(logit: f64, is_label: bool, gamma: f64, class_weight: f64) -> Summand {
    let towards = if is_label { logit } else { -logit };
    let softplus = |z: f64| z.max(0.0) + (-z.abs()).exp().ln_1p();
    let (surprise, of_miss) = (softplus(-towards), softplus(towards));
    Summand {
        class_weight,
        of_p: (-surprise).exp(),
        field: 1.0,
        value: class_weight * (-gamma * of_miss).exp() * surprise,
    }
}
