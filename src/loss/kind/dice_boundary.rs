//! Dice and the boundary loss of Kervadec et al. (2019).

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::{Params, Parts};
use super::boundary::{self, PHI, RAMP};
use super::dice_cross_entropy::LAMBDA_DICE;
use super::shared::{BACKGROUND, MONAI_POOL, SMOOTH};

const LAMBDA: Parameter = number(
    ["alpha", "α", "weight of the boundary term"],
    [0.0, 100.0, 0.01, 0.1],
    "Weight of the boundary term, at the first step if it is ramped.",
    "Our choice: in pixels the boundary term is about ten times as large as the Dice. The paper starts at 0.01 and ramps.",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "dice_boundary",
    name: "Dice + boundary",
    family: Family::Distance,
    about: "Dice finds the region, and the boundary term moves its edge: each pixel costs its signed distance to the boundary. The loss can fall below 0.",
    source: "Kervadec et al., MIDL 2019; Ma et al., Medical Image Analysis 2021 (DiceBD)",
    formula: &[
        r"L = ⟨lambda_dice⟩ \Bigl( 1 - \frac{2 \sum p\,g + ⟨smooth⟩}{\sum p + \sum g + ⟨smooth⟩} \Bigr) + ⟨alpha⟩ \cdot \operatorname{mean}(p\,\varphi)",
        PHI,
    ],
    parameters: &[LAMBDA_DICE, LAMBDA, RAMP, BACKGROUND, MONAI_POOL, SMOOTH],
    terms: ["Boundary", "Dice", "", ""],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    boundary::term(of, facts).with_dice(of)
}
