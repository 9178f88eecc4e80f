//! Cross-entropy.

use super::super::definition::{Definition, Facts, Family};
use super::super::{Params, Parts};

pub(super) static DEFINITION: Definition = Definition {
    key: "cross_entropy",
    name: "Cross-entropy",
    family: Family::CrossEntropy,
    about: "Every pixel counts the same: the surprise at its true class.",
    source: "torch.nn.CrossEntropyLoss",
    formula: &[r"L = -\frac{1}{|\Omega|} \sum_x \log p_g(x)"],
    parameters: &[],
    terms: [""; 4],
    presets: &[],
    parts,
};

pub(super) fn parts(_: &Params, facts: &Facts) -> Parts {
    let mut parts = Parts::none(facts.classes);
    parts.pixel.alpha = 1.0;
    parts
}
