//! Generalised Dice (Sudre et al. 2017): classes weighted by the inverse of their size within one ratio.

use super::super::definition::{Definition, Facts, Family, Parameter, choice, word};
use super::super::parts::dice;
use super::super::{Params, Parts};
use super::shared::{CLASS_POOL, SMOOTH, WITH_BACKGROUND, pooled};
use crate::reference::region_ratios::{ClassWeighting, Ratio};

const WEIGHTING: Parameter = word(
    ["weighting", "Weight of a class"],
    &[
        choice(
            "square",
            "1/T²",
            "T the pixels of the class: small classes count enormously.",
        ),
        choice("simple", "1/T", "Milder."),
        choice(
            "authors",
            "1/(T² + 10⁻³)",
            "As in the code of the contour-weighted loss's authors, which also counts ε twice in the numerator.",
        ),
    ],
    "How much a class counts. One without a pixel counts as much as the smallest that is there.",
    "MONAI's default: w_type='square'.",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "generalised_dice",
    name: "Generalised Dice",
    family: Family::Overlap,
    about: "One ratio over all classes, in which small classes count as much as large ones.",
    source: "Sudre et al., DLMIA 2017; MONAI's GeneralizedDiceLoss",
    formula: &[
        r"L = 1 - \frac{2 \sum_k u_k \sum p_k\,g_k + ⟨smooth⟩}{\sum_k u_k \sum (p_k + g_k) + ⟨smooth⟩}",
    ],
    parameters: &[WEIGHTING, WITH_BACKGROUND, CLASS_POOL, SMOOTH],
    terms: [""; 4],
    presets: &[],
    parts,
};

pub(super) fn parts(of: &Params, facts: &Facts) -> Parts {
    let smooth = of.number("smooth");
    let (weighting, numerator) = match of.word("weighting").as_str() {
        "simple" => (ClassWeighting::Simple, smooth),
        "authors" => (ClassWeighting::Softened, 2.0 * smooth),
        _ => (ClassWeighting::Square, smooth),
    };
    let mut parts = Parts::none(facts.classes);
    parts.region.beta = 1.0;
    parts.region.ratio = Ratio {
        smooth: [numerator, smooth],
        weighting,
        background: of.is("background", "with"),
        ..pooled(of, dice())
    };
    parts
}
