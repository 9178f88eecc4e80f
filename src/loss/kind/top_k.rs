//! Cross-entropy of the pixels that are predicted worst (Wu et al. 2016, and the top-k loss of nnU-Net).

use super::super::definition::{Definition, Domain, Facts, Family, Parameter};
use super::super::{Params, Parts};
use super::cross_entropy;

pub(super) const SHARE: Parameter = Parameter {
    key: "k",
    symbol: "k",
    name: "pixels that count",
    domain: Domain::Number {
        low: 0.1,
        high: 100.0,
        step: 0.1,
        default: 10.0,
        unit: "% of each image",
    },
    about: "How many pixels of each image count: those with the largest cross-entropy. At least one counts, and 100 is the plain cross-entropy.",
    source: "nnU-Net's default: k = 10. nnU-Net takes the worst pixels of the whole batch, this page those of each image, so that images can be computed apart.",
};

pub(super) const WORST: &str = r"T: \text{ the pixels of each image with the largest } -\log p_g(x), \text{ } ⟨k⟩ \% \text{ of it}; \; w(x) = 1 \text{ in } T, \text{ } 0 \text{ elsewhere}";

pub(super) static DEFINITION: Definition = Definition {
    key: "top_k",
    name: "Top-k cross-entropy",
    family: Family::CrossEntropy,
    about: "Only the worst pixels of each image count. The network does not spend its steps on what it has learnt already.",
    source: "Wu et al., arXiv 1605.06885; nnU-Net's TopKLoss",
    formula: &[r"L = -\frac{1}{|T|} \sum_{x \in T} \log p_g(x)", WORST],
    parameters: &[SHARE],
    terms: [""; 4],
    presets: &[],
    parts,
};

pub(super) fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = cross_entropy::parts(of, facts);
    parts.pixel.worst = Some((10.0 * of.number("k")).round().max(1.0) as u32);
    parts.pixel.by_weight = true;
    parts
}
