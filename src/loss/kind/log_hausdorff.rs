//! The logarithm of the Hausdorff loss: `log(1 + L_H)`.

use super::super::definition::{Definition, Facts, Family};
use super::super::{Params, Parts};
use super::hausdorff::{self, ALPHA, FIELD};
use super::shared::BACKGROUND;

pub(super) static DEFINITION: Definition = Definition {
    key: "log_hausdorff",
    name: "Log-Hausdorff (distance transform)",
    family: Family::Distance,
    about: "The Hausdorff loss on a scale that its large first values do not burst.",
    source: "MONAI's LogHausdorffDTLoss",
    formula: &[
        r"L = \log\biggl( 1 + \operatorname{mean}\Bigl( (p - g)^2 \bigl( d_p^{⟨alpha⟩} + d_g^{⟨alpha⟩} \bigr) \Bigr) \biggr)",
        FIELD,
    ],
    parameters: &[ALPHA, BACKGROUND],
    terms: [""; 4],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = hausdorff::parts(of, facts);
    parts.pixel.logarithm = true;
    parts
}
