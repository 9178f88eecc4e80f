//! Cross-entropy with smoothed labels (Szegedy et al. 2016).

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::{Params, Parts, Term};
use super::cross_entropy;

const EPS: Parameter = number(
    ["eps", "ε", "smoothing of the labels"],
    [0.0, 1.0, 0.01, 0.1],
    "The share of the label that is spread over all classes, the true one included.",
    "Szegedy et al. 2016",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "label_smoothing",
    name: "Cross-entropy, labels smoothed",
    family: Family::CrossEntropy,
    about: "No prediction may become certain: a part of each label is spread over all classes.",
    source: "Szegedy et al., CVPR 2016; torch.nn.CrossEntropyLoss(label_smoothing=…)",
    formula: &[
        r"L = -\frac{1}{|\Omega|} \sum_x \Bigl( (1 - ⟨eps⟩) \log p_g(x) + \frac{⟨eps⟩}{K} \sum_k \log p_k(x) \Bigr)",
    ],
    parameters: &[EPS],
    terms: [""; 4],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = cross_entropy::parts(of, facts);
    parts.pixel.term = Term::CrossEntropy {
        smoothing: of.number("eps"),
        gamma: 0.0,
    };
    parts
}
