//! Separable Dice (arXiv 2407.06176): `λ_contour · D(contour) + λ_rest · D(rest)`.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::parts::{Region, dice};
use super::super::{Params, Parts};
use super::shared::{ABSENT, LAMBDA_CONTOUR, LAMBDA_REST, PAPER, POOL, pooled};
use crate::reference::region_ratios::Ratio;

pub(super) const SUM: &str =
    r"L_\text{SD} = ⟨lambda_contour⟩ \cdot D(\text{contour}) + ⟨lambda_rest⟩ \cdot D(\text{rest})";
pub(super) const RATIO: &str = r"D(S) = 1 - \frac{2 \sum_S p\,g + ⟨smooth⟩}{\sum_S p + \sum_S g + ⟨smooth⟩}";

pub(super) const SMOOTH: Parameter = number(
    ["smooth", "ε", "smoothing of the ratios"],
    [1e-7, 10.0, 1e-4, 1e-3],
    "In numerator and denominator of each ratio, in pixels: keeps 0/0 away.",
    "The authors' code.",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "separable_dice",
    name: "Separable Dice",
    family: Family::Contour,
    about: "The second term of the compound loss alone: a Dice on the contours and one off them.",
    source: PAPER,
    formula: &[SUM, RATIO],
    parameters: &[LAMBDA_CONTOUR, LAMBDA_REST, SMOOTH, POOL, ABSENT],
    terms: ["", "", "D(contour)", "D(rest)"],
    presets: &[],
    parts,
};

pub(super) fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = Parts::none(facts.classes);
    parts.region = Region {
        beta: 1.0,
        lambda: [of.number("lambda_contour"), of.number("lambda_rest")],
        split: true,
        ratio: Ratio {
            smooth: [of.number("smooth"); 2],
            exclude: of.is("absent", "exclude"),
            ..pooled(of, dice())
        },
        costs: Vec::new(),
    };
    parts
}
