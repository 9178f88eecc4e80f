//! Dice and the cross-entropy of the worst pixels, as in nnU-Net.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::{Params, Parts};
use super::dice_cross_entropy::LAMBDA_DICE;
use super::shared::{BACKGROUND, MONAI_POOL, SMOOTH};
use super::top_k::{self, SHARE, WORST};

const LAMBDA: Parameter = number(
    ["lambda_top_k", "λ_k", "weight of the cross-entropy"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the top-k cross-entropy.",
    "nnU-Net's default",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "dice_top_k",
    name: "Dice + top-k",
    family: Family::Overlap,
    about: "Overlap of each class, and the cross-entropy of the worst pixels of each image.",
    source: "Isensee et al., Nature Methods 2021; nnU-Net's DC_and_topk_loss",
    formula: &[
        r"L = ⟨lambda_dice⟩ \Bigl( 1 - \frac{2 \sum p\,g + ⟨smooth⟩}{\sum p + \sum g + ⟨smooth⟩} \Bigr) - \frac{⟨lambda_top_k⟩}{|T|} \sum_{x \in T} \log p_g(x)",
        WORST,
    ],
    parameters: &[LAMBDA_DICE, LAMBDA, SHARE, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: ["Top-k cross-entropy", "Dice", "", ""],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = top_k::parts(of, facts);
    parts.pixel.alpha = of.number("lambda_top_k");
    parts.with_dice(of)
}
