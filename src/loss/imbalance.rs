//! What a loss does to imbalance: which part of everything each class has.

use super::{Explained, Given};

/// A class's part of all classes' pixels, contour, weight and gradient; each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Portion {
    pub pixels: f64,
    /// Of all contour pixels, each counted for every class whose contour it is.
    pub contour: f64,
    /// Of Σ w·a over the pixels; pixels count for their true class.
    pub weight: f64,
    /// Of Σ |∂L/∂z| over the pixels, likewise.
    pub gradient: f64,
}

/// One portion for each class, background first. Where there is nothing at all to share (no contour, no gradient),
/// every class has 0 of it.
#[must_use]
pub fn portions(given: &Given, explained: &Explained) -> Vec<Portion> {
    let [_, classes, h, w] = given.shape;
    let pixels = h * w;
    let mut sums = vec![Portion::default(); classes];
    for x in 0..pixels {
        let k = given.labels[x] as usize;
        sums[k].pixels += 1.0;
        sums[k].weight += f64::from(explained.weight[x]) * explained.parts.class_weight[k];
        sums[k].gradient += f64::from(explained.maps.shares[3 * pixels + x]);
        for (k, sum) in sums.iter_mut().enumerate() {
            sum.contour += f64::from(given.contour[x] >> k & 1);
        }
    }
    let all = |read: fn(&Portion) -> f64| sums.iter().map(read).sum::<f64>();
    let share = |part: f64, all: f64| if all > 0.0 { part / all } else { 0.0 };
    let [pixels, contour, weight, gradient] = [
        all(|of| of.pixels),
        all(|of| of.contour),
        all(|of| of.weight),
        all(|of| of.gradient),
    ];
    sums.iter()
        .map(|of| Portion {
            pixels: share(of.pixels, pixels),
            contour: share(of.contour, contour),
            weight: share(of.weight, weight),
            gradient: share(of.gradient, gradient),
        })
        .collect()
}
