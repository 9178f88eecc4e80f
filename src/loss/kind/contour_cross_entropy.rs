//! Contour-weighted cross-entropy (arXiv 2407.06176): `mean((plain + 1 + λ_w c) · a · ce)`.

use super::super::definition::{Definition, Facts, Family};
use super::super::{Params, Parts};
use super::shared::{CLASS_WEIGHT, LAMBDA_W, PAPER, PLAIN, UNION};
use crate::contour::Weighting;

pub(super) const WEIGHT: &str =
    r"w(x) = 1 + ⟨lambda_w⟩ \cdot c(x) + ⟨plain⟩, \quad c(x) = \min\Bigl(1, \sum_k C_k(x)\Bigr)";
pub(super) const MEAN: &str = r"L_\text{CE} = -\frac{1}{|\Omega|} \sum_x w(x)\, \log p_g(x)";

pub(super) static DEFINITION: Definition = Definition {
    key: "contour_cross_entropy",
    name: "Contour-weighted cross-entropy",
    family: Family::Contour,
    about: "The first term of the compound loss alone: a mistake on a contour costs more than one inside.",
    source: PAPER,
    formula: &[WEIGHT, MEAN],
    parameters: &[LAMBDA_W, PLAIN, UNION, CLASS_WEIGHT],
    terms: [""; 4],
    presets: &[],
    parts,
};

pub(super) fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = Parts::none(facts.classes);
    parts.pixel.alpha = 1.0;
    parts.class_weight = of.per_class("class_weight", facts.classes);
    parts.weighting = Weighting::Contour {
        base: of.number("plain") + 1.0,
        lambda: of.number("lambda_w"),
        classes: if of.is("union", "all") { !0 } else { !1 },
    };
    parts
}
