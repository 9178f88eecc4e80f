//! Hausdorff loss by distance transforms (Karimi and Salcudean 2020): the mean of `(p − g)² (d_p^α + d_g^α)`.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::{Params, Parts, Term};
use super::shared::{BACKGROUND, MONAI, taking_part};

pub(super) const ALPHA: Parameter = number(
    ["alpha", "α", "exponent of the distances"],
    [0.5, 4.0, 0.1, 2.0],
    "How much worse a far mistake is than a near one.",
    MONAI,
);

pub(super) const FIELD: &str = r"d: \text{ distance to the other side of the boundary of } \{p > 0.5\} \text{ and of } \{g = 1\}, \text{ in pixels; no gradient through it}";

pub(super) static DEFINITION: Definition = Definition {
    key: "hausdorff",
    name: "Hausdorff (distance transform)",
    family: Family::Distance,
    about: "A mistake costs more the farther it lies from either boundary. The prediction's distances are found anew at every step.",
    source: "Karimi and Salcudean, IEEE TMI 2020; MONAI's HausdorffDTLoss",
    formula: &[
        r"L = \operatorname{mean}\Bigl( (p - g)^2 \bigl( d_p^{⟨alpha⟩} + d_g^{⟨alpha⟩} \bigr) \Bigr)",
        FIELD,
    ],
    parameters: &[ALPHA, BACKGROUND],
    terms: [""; 4],
    presets: &[],
    parts,
};

pub(super) fn parts(of: &Params, facts: &Facts) -> Parts {
    let (class_weight, count) = taking_part(of, facts);
    let mut parts = Parts::none(facts.classes);
    parts.pixel.alpha = 1.0;
    parts.pixel.term = Term::Hausdorff {
        alpha: of.number("alpha"),
    };
    parts.pixel.divisor = count;
    parts.class_weight = class_weight;
    parts
}
