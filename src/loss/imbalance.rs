//! What a loss does to imbalance: which part of everything each class has.

use super::{Explained, Facts, Given, Params};
use crate::contour::{Extent, Weighting};

/// A class's part of all classes' pixels, contour, weight and gradient; each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Portion {
    pub pixels: f64,
    /// Of all contour pixels, each counted for every class whose contour it is.
    pub contour: f64,
    /// Of Σ w·a over the pixels, which count for their true class. None if the loss has no pixel term, or the weight
    /// is not known.
    pub weight: Option<f64>,
    /// Of Σ |∂L/∂z| over the pixels, likewise. None without a prediction.
    pub gradient: Option<f64>,
}

/// What one class has of everything.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    pixels: f64,
    contour: f64,
    weight: f64,
    gradient: f64,
}

/// One portion for each class of a slice, background first. Where there is nothing at all to share (no contour, no
/// gradient), every class has 0 of it.
#[must_use]
pub fn portions(given: &Given, explained: &Explained) -> Vec<Portion> {
    let [_, classes, h, w] = given.shape;
    let pixels = h * w;
    let mut sums = vec![Sum::default(); classes];
    for x in 0..pixels {
        let k = given.labels[x] as usize;
        if k >= classes {
            continue;
        }
        sums[k].pixels += 1.0;
        sums[k].weight += f64::from(explained.weight[x]) * explained.parts.class_weight[k];
        sums[k].gradient += f64::from(explained.maps.shares[3 * pixels + x]);
        for (k, sum) in sums.iter_mut().enumerate() {
            sum.contour += f64::from(given.contour[x] >> k & 1);
        }
    }
    shared(&sums, explained.parts.pixel.alpha != 0.0, true)
}

/// The same of a whole label, from what each class has of it; there is no prediction of all of it. The weight is
/// known where it depends on the contour alone.
#[must_use]
pub fn label_portions(extents: &[Extent], params: &Params) -> Vec<Portion> {
    let facts = Facts {
        pixels: extents.iter().map(|extent| extent.pixels as u64).collect(),
        ..Facts::of(extents.len())
    };
    let parts = params.parts(&facts);
    let sum = |(extent, a): (&Extent, &f64)| Sum {
        pixels: extent.pixels as f64,
        contour: extent.contour as f64,
        weight: match parts.weighting {
            Weighting::Contour {
                base,
                lambda,
                classes,
            } => {
                let union = extent.union[usize::from(classes & 1 == 0)];
                a * (base * extent.pixels as f64 + lambda * union as f64)
            }
            Weighting::NearContour { .. } | Weighting::BetweenObjects { .. } => 0.0,
        },
        gradient: 0.0,
    };
    let sums: Vec<Sum> = extents.iter().zip(&parts.class_weight).map(sum).collect();
    let is_known = matches!(parts.weighting, Weighting::Contour { .. }) && parts.pixel.alpha != 0.0;
    shared(&sums, is_known, false)
}

fn shared(sums: &[Sum], has_weight: bool, has_gradient: bool) -> Vec<Portion> {
    let all = |read: fn(&Sum) -> f64| sums.iter().map(read).sum::<f64>();
    let share = |part: f64, all: f64| if all > 0.0 { part / all } else { 0.0 };
    let [pixels, contour, weight, gradient] = [
        all(|of| of.pixels),
        all(|of| of.contour),
        all(|of| of.weight),
        all(|of| of.gradient),
    ];
    let portion = |of: &Sum| Portion {
        pixels: share(of.pixels, pixels),
        contour: share(of.contour, contour),
        weight: has_weight.then(|| share(of.weight, weight)),
        gradient: has_gradient.then(|| share(of.gradient, gradient)),
    };
    sums.iter().map(portion).collect()
}
