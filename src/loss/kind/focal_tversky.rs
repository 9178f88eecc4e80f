//! Focal Tversky loss (Abraham and Khan 2019): each Tversky ratio to a power.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::{Params, Parts};
use super::shared::{BACKGROUND, MONAI_POOL, SMOOTH};
use super::tversky::{self, ALPHA, BETA};

const EXPONENT: Parameter = number(
    ["exponent", "1/γ", "exponent"],
    [0.25, 4.0, 0.05, 0.75],
    "Below 1 the classes that are nearly right keep pulling, above 1 those that are wrong pull hardest. The paper's γ = 4/3 stands here as 1/γ.",
    "Abraham and Khan, ISBI 2019",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "focal_tversky",
    name: "Focal Tversky",
    family: Family::Overlap,
    about: "The Tversky loss of each class to a power, which shifts the effort between good and bad classes.",
    source: "Abraham and Khan, ISBI 2019",
    formula: &[
        r"L = \Bigl( 1 - \frac{\sum p\,g + ⟨smooth⟩}{\sum p\,g + ⟨alpha⟩ \sum p\,(1 - g) + ⟨beta⟩ \sum (1 - p)\,g + ⟨smooth⟩} \Bigr)^{⟨exponent⟩}",
    ],
    parameters: &[ALPHA, BETA, EXPONENT, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: [""; 4],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = tversky::parts(of, facts);
    parts.region.ratio.exponent = of.number("exponent");
    parts
}
