//! Boundary loss (Kervadec et al. 2019): the mean of p·φ, φ the signed distance to the class.

use super::super::definition::{Definition, Domain, Facts, Family, Parameter, number};
use super::super::parts::dice;
use super::super::{Params, Parts, Term};
use super::shared::{BACKGROUND, SMOOTH, taking_part};
use crate::reference::region_ratios::{ClassWeighting, Ratio};

const KERVADEC: &str = "Kervadec et al., MIDL 2019";

const ALPHA: Parameter = number(
    ["alpha", "α", "weight of the boundary term"],
    [0.0, 100.0, 0.01, 1.0],
    "Weight of the boundary term, at the first step if it is ramped.",
    "Our choice; the paper starts at 0.01 and ramps.",
);

pub(super) const RAMP: Parameter = Parameter {
    key: "ramp",
    symbol: "Δα",
    name: "ramp",
    domain: Domain::Number {
        low: 0.0,
        high: 1.0,
        step: 0.001,
        default: 0.0,
        unit: "a step",
    },
    about: "How much α grows with each step, up to 100; 0 leaves it as it is. The paper grows it by 0.01 an epoch.",
    source: KERVADEC,
};

const BETA: Parameter = number(
    ["beta", "β", "weight of the generalised Dice"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the region term beside it. Alone (β = 0) the boundary term is content with predicting nothing where a class is small.",
    KERVADEC,
);

pub(super) const PHI: &str =
    r"\varphi = d(x, \text{class}) \text{ outside}, \quad 1 - d(x, \text{outside}) \text{ inside, in pixels}";

pub(super) static DEFINITION: Definition = Definition {
    key: "boundary",
    name: "Boundary",
    family: Family::Distance,
    about: "A pixel costs its distance to the boundary: negative inside the class, positive outside. It therefore can fall below 0.",
    source: KERVADEC,
    formula: &[
        r"L = ⟨alpha⟩ \cdot \operatorname{mean}(p\,\varphi) + ⟨beta⟩ \cdot L_\text{generalised Dice}",
        PHI,
    ],
    parameters: &[ALPHA, RAMP, BETA, BACKGROUND, SMOOTH],
    terms: ["Boundary", "Generalised Dice", "", ""],
    presets: &[],
    parts,
};

/// The mean of p·φ, times α as it is at this step.
pub(super) fn term(of: &Params, facts: &Facts) -> Parts {
    let (class_weight, count) = taking_part(of, facts);
    let mut parts = Parts::none(facts.classes);
    parts.pixel.alpha = (of.number("alpha") + of.number("ramp") * facts.step as f64).min(100.0);
    parts.pixel.term = Term::Boundary;
    parts.pixel.divisor = count;
    parts.class_weight = class_weight;
    parts
}

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = term(of, facts);
    parts.region.beta = of.number("beta");
    parts.region.ratio = Ratio {
        smooth: [of.number("smooth"); 2],
        weighting: ClassWeighting::Square,
        background: of.is("background", "with"),
        by_class: false,
        ..dice()
    };
    parts
}
