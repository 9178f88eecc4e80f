//! Soft Dice (Milletari et al. 2016), with MONAI's variants.

use super::super::definition::{Definition, Facts, Family, Parameter, choice, word};
use super::super::parts::dice;
use super::super::{Params, Parts};
use super::shared::{BACKGROUND, MONAI, MONAI_POOL, SMOOTH, pooled};
use crate::reference::region_ratios::Ratio;

const FORM: Parameter = word(
    ["form", "Form"],
    &[
        choice("plain", "Σp + Σg", "The usual one."),
        choice(
            "squared",
            "Σp² + Σg",
            "Milletari's V-Net: gentler where p is small.",
        ),
        choice(
            "jaccard",
            "Jaccard",
            "2 (Σp + Σg − Σpg): intersection over union.",
        ),
    ],
    "The denominator of the ratio.",
    MONAI,
);

pub(super) static DEFINITION: Definition = Definition {
    key: "dice",
    name: "Soft Dice",
    family: Family::Overlap,
    about: "One minus the overlap of prediction and reference, each class by itself: size does not matter, position in the class neither.",
    source: "Milletari et al., 3DV 2016; MONAI's DiceLoss",
    formula: &[r"L = 1 - \frac{2 \sum p\,g + ⟨smooth⟩}{\sum p + \sum g + ⟨smooth⟩}"],
    parameters: &[FORM, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: [""; 4],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = Parts::none(facts.classes);
    parts.region.beta = 1.0;
    parts.region.ratio = Ratio {
        denominator: match of.word("form").as_str() {
            "squared" => [0.0, 0.0, 1.0, 1.0],
            "jaccard" => [-2.0, 2.0, 2.0, 0.0],
            _ => [0.0, 1.0, 1.0, 0.0],
        },
        smooth: [of.number("smooth"); 2],
        background: of.is("background", "with"),
        ..pooled(of, dice())
    };
    parts
}
