//! Losses by the twins: the truth in f64, and what the page falls back on in f32.

use std::borrow::Cow;

use bytemuck::{AnyBitPattern, NoUninit};
use serde::{Deserialize, Serialize};

use super::{Parts, Terms, field};
use crate::bulk;
use crate::ops::region_sums::SUMS;
use crate::ops::region_terms::coefficients;
use crate::ops::sum::strips;
use crate::reference::{self, Real};

/// What a loss is given. `logits` have `shape` (N, K, H, W); `labels` (each below K, or of no class: those
/// pixels do not count), `contour` (class k at bit k)
/// and `weight` (of [`Parts::weighting`]) have (N, H, W).
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a, T> {
    pub logits: &'a [T],
    pub labels: &'a [u32],
    pub contour: &'a [u32],
    pub weight: &'a [T],
    pub shape: [usize; 4],
}

/// What each pixel has to do with the loss.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(serialize = "T: Serialize + NoUninit"))]
#[serde(bound(deserialize = "T: Deserialize<'de> + NoUninit + AnyBitPattern"))]
pub struct Maps<T> {
    pub terms: Terms<T>,
    /// Softmax (N, K, H, W).
    #[serde(with = "bulk")]
    pub p: Vec<T>,
    /// ∂L/∂z (N, K, H, W).
    #[serde(with = "bulk")]
    pub dlogits: Vec<T>,
    /// (N, 4, H, W): what each pixel adds to the loss by its pixel term, on the contours, off them; |∂L/∂z|.
    #[serde(with = "bulk")]
    pub shares: Vec<T>,
    /// What a pixel needs to know of its regions, and the scales of the pixel term.
    #[serde(with = "bulk")]
    pub coefficients: Vec<T>,
    /// (N, K, H, W), or empty: the map of distances of the pixel term.
    #[serde(with = "bulk")]
    pub field: Vec<T>,
    /// (N, H, W): w as the pixel term takes it.
    #[serde(with = "bulk")]
    pub weight: Vec<T>,
}

/// Terms and dlogits (N, K, H, W).
#[must_use]
pub fn evaluate<T: Real>(inputs: &Inputs<'_, T>, parts: &Parts) -> (Terms<T>, Vec<T>) {
    let weight = weight(inputs, parts);
    let inputs = &inputs.weighted(&weight);
    let forward = forward(inputs, parts);
    let dlogits = forward.gradient(inputs, parts);
    (forward.terms, dlogits)
}

/// The terms only, for validation.
///
/// ```
/// use contour_lab::loss::{Facts, Kind, Params, cpu};
///
/// // One image of 1 × 2 pixels and two classes whose logits are equal: each probability is 1/2.
/// let inputs = cpu::Inputs {
///     logits: &[0.0_f64; 4],
///     labels: &[0, 1],
///     contour: &[0, 0],
///     weight: &[1.0, 1.0],
///     shape: [1, 2, 1, 2],
/// };
/// let parts = Params::new(Kind::CrossEntropy).parts(&Facts::of(2));
/// let terms = cpu::terms(&inputs, &parts);
/// assert!((terms.total - 2.0_f64.ln()).abs() < 1e-12);
/// ```
#[must_use]
pub fn terms<T: Real>(inputs: &Inputs<'_, T>, parts: &Parts) -> Terms<T> {
    forward(&inputs.weighted(&weight(inputs, parts)), parts).terms
}

/// Terms, gradient, and the share of each pixel.
#[must_use]
pub fn maps<T: Real>(inputs: &Inputs<'_, T>, parts: &Parts) -> Maps<T> {
    let [n, k, h, w] = inputs.shape;
    let weight = weight(inputs, parts);
    let inputs = &inputs.weighted(&weight);
    let forward = forward(inputs, parts);
    let dlogits = forward.gradient(inputs, parts);
    let mut shares = vec![T::zero(); 4 * n * h * w];
    let costs = parts.costs();
    reference::pixel_shares::pixel_shares(
        &mut shares,
        &forward.values,
        &forward.p,
        &dlogits,
        inputs.labels,
        inputs.contour,
        &forward.coefficients,
        parts.pairs(&costs),
        k,
        h * w,
    );
    Maps {
        terms: forward.terms,
        p: forward.p,
        dlogits,
        shares,
        coefficients: forward.coefficients,
        field: forward.field,
        weight: weight.into_owned(),
    }
}

/// w as the pixel term takes it: as given, or that of the worst pixels.
fn weight<'a, T: Real>(inputs: &Inputs<'a, T>, parts: &Parts) -> Cow<'a, [T]> {
    let Some(per_mille) = parts.pixel.worst else {
        return Cow::Borrowed(inputs.weight);
    };
    let [.., h, w] = inputs.shape;
    let mut weight = vec![T::one(); inputs.labels.len()];
    let mut values = vec![T::zero(); 2 * weight.len()];
    reference::pixel_terms::pixel_terms(
        &mut values,
        inputs.logits,
        inputs.labels,
        &weight,
        &parts.class_weights(),
        &[],
        h * w,
        parts.pixel.term.rule(),
        false,
    );
    reference::worst_pixels::worst_pixels(&mut weight, &values, h * w, per_mille as usize);
    Cow::Owned(weight)
}

impl<T: Copy> Inputs<'_, T> {
    fn weighted<'a>(&'a self, weight: &'a [T]) -> Inputs<'a, T> {
        Inputs { weight, ..*self }
    }
}

struct Forward<T> {
    terms: Terms<T>,
    values: Vec<T>,
    p: Vec<T>,
    coefficients: Vec<T>,
    field: Vec<T>,
}

fn forward<T: Real>(inputs: &Inputs<'_, T>, parts: &Parts) -> Forward<T> {
    let Inputs {
        logits,
        labels,
        contour,
        weight,
        shape: [n, k, h, w],
    } = *inputs;
    let zeros = |len| vec![T::zero(); len];
    let pixels = n * h * w;
    let mut p = zeros(n * k * h * w);
    reference::softmax::softmax_forward(&mut p, logits, k, h * w);
    let field = field::field(parts.pixel.term, labels, &p, inputs.shape);

    let mut values = zeros(2 * pixels);
    let mut strip_sums = zeros(2 * strips(pixels));
    let mut pixel_sums = zeros(2);
    let (class_weight, rule) = (parts.class_weights(), parts.pixel.term.rule());
    reference::pixel_terms::pixel_terms(
        &mut values,
        logits,
        labels,
        weight,
        &class_weight,
        &field,
        h * w,
        rule,
        parts.pixel.by_weight,
    );
    reference::sum::sum(&mut strip_sums, &values);
    reference::sum::sum(&mut pixel_sums, &strip_sums);

    let strips = strips(h * w);
    let mut partials = zeros(strips * SUMS * n * k);
    let mut sums = zeros(SUMS * n * k);
    let (costs, ratio) = (parts.costs(), parts.ratio());
    let pairs = parts.pairs(&costs);
    reference::region_sums::region_sums(&mut partials, &p, labels, contour, pairs, k, h * w, strips);
    reference::sum::sum(&mut sums, &partials);

    let mut ratios = zeros(crate::ops::region_ratios::RATIOS * n * k);
    let mut members = zeros(n * k);
    let mut terms = zeros(Terms::<T>::LEN);
    let mut coefficients = zeros(coefficients(n * k));
    reference::region_ratios::region_ratios(&mut ratios, &mut members, &sums, k, h * w, &ratio);
    reference::region_terms::region_terms(
        &mut terms,
        &mut coefficients,
        &ratios,
        &members,
        &pixel_sums,
        k,
        &ratio,
        parts.weights(),
    );
    Forward {
        terms: Terms::from_slice(&terms),
        values,
        p,
        coefficients,
        field,
    }
}

impl<T: Real> Forward<T> {
    fn gradient(&self, inputs: &Inputs<'_, T>, parts: &Parts) -> Vec<T> {
        let mut dlogits = self.p.clone();
        let costs = parts.costs();
        reference::logit_gradient::logit_gradient(
            &mut dlogits,
            inputs.logits,
            inputs.labels,
            inputs.contour,
            inputs.weight,
            &parts.class_weights(),
            &self.coefficients,
            &self.field,
            parts.pairs(&costs),
            inputs.shape[2] * inputs.shape[3],
            parts.pixel.term.rule(),
        );
        dlogits
    }
}
