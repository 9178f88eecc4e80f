//! Dice and focal loss in MONAI's form: a softmax Dice and K sigmoids, both over all classes.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::parts::dice;
use super::super::{Params, Parts, Term};
use super::focal::GAMMA;
use super::shared::{MONAI, MONAI_POOL, SMOOTH, WITH_BACKGROUND, pooled, taking_part};
use crate::reference::region_ratios::Ratio;

pub(super) const LAMBDA_DICE: Parameter = number(
    ["lambda_dice", "λ_Dice", "weight of the Dice"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the Dice term.",
    MONAI,
);

pub(super) const LAMBDA_FOCAL: Parameter = number(
    ["lambda_focal", "λ_focal", "weight of the focal term"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the focal term.",
    MONAI,
);

pub(super) static DEFINITION: Definition = Definition {
    key: "dice_focal",
    name: "Dice + focal (MONAI, sigmoid)",
    family: Family::Overlap,
    about: "As MONAI's DiceFocalLoss computes it: the Dice takes the softmax, the focal term a sigmoid for each class, although the classes exclude each other.",
    source: "MONAI's DiceFocalLoss",
    formula: &[
        r"L = ⟨lambda_dice⟩ \Bigl( 1 - \frac{2 \sum p\,g + ⟨smooth⟩}{\sum p + \sum g + ⟨smooth⟩} \Bigr) - \frac{⟨lambda_focal⟩}{K |\Omega|} \sum_x \sum_k \bigl(1 - q_k(x)\bigr)^{⟨gamma⟩} \log q_k(x)",
        r"q_k = \sigma(z_k) \text{ where } g_k = 1, \quad 1 - \sigma(z_k) \text{ elsewhere}",
    ],
    parameters: &[
        LAMBDA_DICE,
        LAMBDA_FOCAL,
        GAMMA,
        WITH_BACKGROUND,
        MONAI_POOL,
        SMOOTH,
    ],
    terms: ["Focal, sigmoid", "Dice", "", ""],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let (class_weight, count) = taking_part(of, facts);
    let mut parts = Parts::none(facts.classes);
    parts.pixel.alpha = of.number("lambda_focal");
    parts.pixel.term = Term::Sigmoid {
        gamma: of.number("gamma"),
    };
    parts.pixel.divisor = count;
    parts.class_weight = class_weight;
    parts.region.beta = of.number("lambda_dice");
    parts.region.ratio = Ratio {
        smooth: [of.number("smooth"); 2],
        background: of.is("background", "with"),
        ..pooled(of, dice())
    };
    parts
}
