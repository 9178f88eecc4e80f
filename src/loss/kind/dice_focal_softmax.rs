//! Dice and focal loss, both over the softmax.

use super::super::definition::{Definition, Facts, Family};
use super::super::{Params, Parts, Term};
use super::cross_entropy;
use super::dice_focal::{LAMBDA_DICE, LAMBDA_FOCAL};
use super::focal::GAMMA;
use super::shared::{BACKGROUND, MONAI_POOL, SMOOTH};

pub(super) static DEFINITION: Definition = Definition {
    key: "dice_focal_softmax",
    name: "Dice + focal (softmax)",
    family: Family::Overlap,
    about: "Overlap of each class, and a cross-entropy that looks away from what is already right.",
    source: "Zhu et al., Medical Physics 2019 (AnatomyNet), in softmax form",
    formula: &[
        r"L = ⟨lambda_dice⟩ \Bigl( 1 - \frac{2 \sum p\,g + ⟨smooth⟩}{\sum p + \sum g + ⟨smooth⟩} \Bigr) - \frac{⟨lambda_focal⟩}{|\Omega|} \sum_x \bigl(1 - p_g(x)\bigr)^{⟨gamma⟩} \log p_g(x)",
    ],
    parameters: &[LAMBDA_DICE, LAMBDA_FOCAL, GAMMA, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: ["Focal", "Dice", "", ""],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = cross_entropy::parts(of, facts);
    parts.pixel.alpha = of.number("lambda_focal");
    parts.pixel.term = Term::CrossEntropy {
        smoothing: 0.0,
        gamma: of.number("gamma"),
    };
    parts.with_dice(of)
}
