//! The contour-weighted compound loss (Huang and Sui, arXiv 2407.06176, ICIP 2024):
//! `L = α · L_CE + β · L_SD`.

use super::super::definition::{Definition, Facts, Family, Parameter, Published, Setting, number};
use super::super::{Params, Parts};
use super::shared::{
    ABSENT, CLASS_WEIGHT, LAMBDA_CONTOUR, LAMBDA_REST, LAMBDA_W, OURS, PAPER, PLAIN, POOL, UNION,
};
use super::{contour_cross_entropy, separable_dice};

const ALPHA: Parameter = number(
    ["alpha", "α", "weight of the cross-entropy"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the contour-weighted cross-entropy.",
    OURS,
);

const BETA: Parameter = number(
    ["beta", "β", "weight of the separable Dice"],
    [0.0, 100.0, 0.05, 1.0],
    "Weight of the separable Dice.",
    OURS,
);

pub(super) static DEFINITION: Definition = Definition {
    key: "cwcd",
    name: "Contour-weighted compound",
    family: Family::Contour,
    about: "A cross-entropy that counts contour pixels more, and a Dice that treats contour and the rest apart.",
    source: PAPER,
    formula: &[
        r"L = \alpha\,L_\text{CE} + \beta\,L_\text{SD} = ⟨alpha⟩\,L_\text{CE} + ⟨beta⟩\,L_\text{SD}",
        contour_cross_entropy::WEIGHT,
        contour_cross_entropy::MEAN,
        separable_dice::SUM,
        separable_dice::RATIO,
    ],
    parameters: &[
        ALPHA,
        BETA,
        LAMBDA_W,
        PLAIN,
        UNION,
        CLASS_WEIGHT,
        LAMBDA_CONTOUR,
        LAMBDA_REST,
        separable_dice::SMOOTH,
        POOL,
        ABSENT,
    ],
    terms: [
        "Contour-weighted cross-entropy",
        "Separable Dice",
        "D(contour)",
        "D(rest)",
    ],
    presets: &[
        Published {
            key: "paper",
            name: "Paper",
            about: "The formulae of the paper. It does not publish its λ and its α, β: λ_w = 2, λ_d = 0.5, α = β = 1 are our choice.",
            values: &[],
        },
        Published {
            key: "authors_code",
            name: "Authors' code",
            about: "What the authors' published code computes: a plain cross-entropy on top, so that a pixel weighs 2 off the contour and 4 on it (2 : 1, not 3 : 1), and both Dice terms in full.",
            values: &[
                ("plain", Setting::Number(1.0)),
                ("lambda_contour", Setting::Number(1.0)),
                ("lambda_rest", Setting::Number(1.0)),
                ("pool", Setting::Word("joint")),
                ("absent", Setting::Word("include")),
            ],
        },
    ],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = contour_cross_entropy::parts(of, facts).with_region_of(separable_dice::parts(of, facts));
    parts.pixel.alpha = of.number("alpha");
    parts.region.beta = of.number("beta");
    parts
}
