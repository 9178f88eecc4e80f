//! Dice and the Hausdorff loss by distance transforms.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::{Params, Parts};
use super::dice_cross_entropy::LAMBDA_DICE;
use super::hausdorff::{self, ALPHA, FIELD};
use super::shared::{BACKGROUND, MONAI_POOL, SMOOTH};

const LAMBDA: Parameter = number(
    ["lambda_hausdorff", "λ_H", "weight of the Hausdorff term"],
    [0.0, 100.0, 0.01, 0.1],
    "Weight of the Hausdorff term.",
    "Our choice: the papers set it from the sizes of both terms as they train.",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "dice_hausdorff",
    name: "Dice + Hausdorff",
    family: Family::Distance,
    about: "Dice finds the region, and mistakes far from either boundary cost most.",
    source: "Karimi and Salcudean, IEEE TMI 2020; Ma et al., Medical Image Analysis 2021 (DiceHD)",
    formula: &[
        r"L = ⟨lambda_dice⟩ \Bigl( 1 - \frac{2 \sum p\,g + ⟨smooth⟩}{\sum p + \sum g + ⟨smooth⟩} \Bigr) + ⟨lambda_hausdorff⟩ \cdot \operatorname{mean}\Bigl( (p - g)^2 \bigl( d_p^{⟨alpha⟩} + d_g^{⟨alpha⟩} \bigr) \Bigr)",
        FIELD,
    ],
    parameters: &[LAMBDA_DICE, LAMBDA, ALPHA, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: ["Hausdorff", "Dice", "", ""],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = hausdorff::parts(of, facts);
    parts.pixel.alpha = of.number("lambda_hausdorff");
    parts.with_dice(of)
}
