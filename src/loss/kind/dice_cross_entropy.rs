//! Dice and cross-entropy, as nnU-Net and MONAI add them.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::{Params, Parts};
use super::cross_entropy;
use super::shared::{BACKGROUND, MONAI, MONAI_POOL, SMOOTH};

pub(super) const LAMBDA_DICE: Parameter = number(
    ["lambda_dice", "λ_Dice", "weight of the Dice"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the Dice term.",
    MONAI,
);

const LAMBDA_CE: Parameter = number(
    ["lambda_ce", "λ_CE", "weight of the cross-entropy"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the cross-entropy, which runs over all classes.",
    MONAI,
);

pub(super) static DEFINITION: Definition = Definition {
    key: "dice_cross_entropy",
    name: "Dice + cross-entropy",
    family: Family::Overlap,
    about: "The usual choice for medical images: Dice for small classes, cross-entropy for steady gradients.",
    source: "Isensee et al., Nature Methods 2021 (nnU-Net); MONAI's DiceCELoss",
    formula: &[
        r"L = ⟨lambda_dice⟩ \Bigl( 1 - \frac{2 \sum p\,g + ⟨smooth⟩}{\sum p + \sum g + ⟨smooth⟩} \Bigr) - \frac{⟨lambda_ce⟩}{|\Omega|} \sum_x \log p_g(x)",
    ],
    parameters: &[LAMBDA_DICE, LAMBDA_CE, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: ["Cross-entropy", "Dice", "", ""],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = cross_entropy::parts(of, facts);
    parts.pixel.alpha = of.number("lambda_ce");
    parts.with_dice(of)
}
