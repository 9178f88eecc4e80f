//! Generalised Wasserstein Dice (Fidon et al. 2017): confusing near classes costs less than confusing far ones.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::parts::dice;
use super::super::{Params, Parts};
use super::shared::SMOOTH;
use crate::reference::region_ratios::Ratio;

const DISTANCE: Parameter = number(
    ["distance", "m", "growth of the costs"],
    [0.0, 10.0, 0.05, 0.25],
    "The cost of predicting class k where the label is y grows by this with each step of |y − k|; the largest cost is 1.",
    "Our choice: the published matrices belong to particular data.",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "wasserstein_dice",
    name: "Generalised Wasserstein Dice",
    family: Family::Overlap,
    about: "A Dice that knows that some classes are easier to forgive than others: those whose numbers are close.",
    source: "Fidon et al., BrainLes 2017; MONAI's GeneralizedWassersteinDiceLoss",
    formula: &[
        r"L = 1 - \frac{2 A + ⟨smooth⟩}{2 A + \sum_x \delta(x) + ⟨smooth⟩}, \quad A = \sum_{x : g \ge 1} \bigl(1 - \delta(x)\bigr)",
        r"\delta(x) = \sum_k M_{g k}\, p_k(x), \quad M_{g k} = \frac{1 + ⟨distance⟩\,|g - k|}{1 + ⟨distance⟩\,(K - 1)} \text{ for } g \ne k",
    ],
    parameters: &[DISTANCE, SMOOTH],
    terms: [""; 4],
    presets: &[],
    parts,
};

/// With δ in the place of p and the foreground in that of g, A = Σg − Σδg: a ratio like any other. Σg is counted
/// once for each class, hence the 1/K.
fn parts(of: &Params, facts: &Facts) -> Parts {
    let classes = facts.classes;
    let growth = of.number("distance");
    let cost = |y: usize, k: usize| {
        if y == k {
            return 0.0;
        }
        (1.0 + growth * y.abs_diff(k) as f64) / (1.0 + growth * (classes - 1) as f64)
    };
    let once = 2.0 / classes as f64;
    let mut parts = Parts::none(classes);
    parts.region.beta = 1.0;
    parts.region.costs = (0..classes * classes)
        .map(|i| cost(i / classes, i % classes))
        .collect();
    parts.region.ratio = Ratio {
        numerator: [-2.0, 0.0, once, 0.0],
        denominator: [-2.0, 1.0, once, 0.0],
        smooth: [of.number("smooth"); 2],
        background: true,
        by_class: false,
        ..dice()
    };
    parts
}
