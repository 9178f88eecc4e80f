//! Tversky loss (Salehi et al. 2017): `1 − (TP + ε) / (TP + α FP + β FN + ε)`.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::parts::dice;
use super::super::{Params, Parts};
use super::shared::{BACKGROUND, MONAI_POOL, SMOOTH, pooled};
use crate::reference::region_ratios::Ratio;

const SALEHI: &str = "Salehi et al., MLMI 2017";

pub(super) const ALPHA: Parameter = number(
    ["alpha", "α", "cost of a false positive"],
    [0.0, 10.0, 0.05, 0.3],
    "What a false positive counts. With α = β = 0.5 the loss is the Dice.",
    SALEHI,
);

pub(super) const BETA: Parameter = number(
    ["beta", "β", "cost of a false negative"],
    [0.0, 10.0, 0.05, 0.7],
    "What a false negative counts: above α, the network would rather say too much than too little.",
    SALEHI,
);

pub(super) static DEFINITION: Definition = Definition {
    key: "tversky",
    name: "Tversky",
    family: Family::Overlap,
    about: "A Dice in which false positives and false negatives have prices of their own.",
    source: "Salehi et al., MLMI 2017; MONAI's TverskyLoss",
    formula: &[
        r"L = 1 - \frac{\sum p\,g + ⟨smooth⟩}{\sum p\,g + ⟨alpha⟩ \sum p\,(1 - g) + ⟨beta⟩ \sum (1 - p)\,g + ⟨smooth⟩}",
    ],
    parameters: &[ALPHA, BETA, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: [""; 4],
    presets: &[],
    parts,
};

pub(super) fn parts(of: &Params, facts: &Facts) -> Parts {
    let (alpha, beta) = (of.number("alpha"), of.number("beta"));
    let mut parts = Parts::none(facts.classes);
    parts.region.beta = 1.0;
    parts.region.ratio = Ratio {
        numerator: [1.0, 0.0, 0.0, 0.0],
        denominator: [1.0 - alpha - beta, alpha, beta, 0.0],
        smooth: [of.number("smooth"); 2],
        background: of.is("background", "with"),
        ..pooled(of, dice())
    };
    parts
}
