//! Cross-entropy weighted by a distance map: the UNet paper's (Ronneberger et al. 2015), or one around the contours.

use super::super::definition::{Definition, Facts, Family, Parameter, choice, number, word};
use super::super::{Params, Parts};
use super::cross_entropy;
use crate::contour::Weighting;

const UNET: &str = "Ronneberger et al., MICCAI 2015";

const MAP: Parameter = word(
    ["map", "The weight is high"],
    &[
        choice(
            "between_objects",
            "Between objects",
            "d is the distance to the nearest object and that to the second nearest, added: narrow gaps weigh most.",
        ),
        choice(
            "near_contour",
            "Near contours",
            "d is the distance to the nearest contour pixel: a soft version of the contour weight.",
        ),
    ],
    "Which distance the weight falls off with. Objects are connected parts of the foreground in the slice.",
    UNET,
);

const W0: Parameter = number(
    ["w0", "w₀", "height of the weight"],
    [0.0, 100.0, 0.5, 10.0],
    "What a pixel at distance 0 weighs more than a far one.",
    UNET,
);

const SIGMA: Parameter = Parameter {
    key: "sigma",
    symbol: "σ",
    name: "reach of the weight",
    domain: super::super::Domain::Number {
        low: 0.1,
        high: 100.0,
        step: 0.1,
        default: 5.0,
        unit: "pixels",
    },
    about: "The distance at which 61 % of the extra weight is left.",
    source: UNET,
};

const NORMALISE: Parameter = word(
    ["normalise", "Divided by"],
    &[
        choice("by_pixels", "The number of pixels", "A plain mean."),
        choice(
            "by_map_sum",
            "The sum of the weights",
            "The size of the loss stays comparable with that of other maps.",
        ),
    ],
    "What the sum over the pixels is divided by.",
    UNET,
);

pub(super) static DEFINITION: Definition = Definition {
    key: "distance_cross_entropy",
    name: "Distance-weighted cross-entropy",
    family: Family::CrossEntropy,
    about: "Pixels between objects that nearly touch weigh most, so that the network learns to keep them apart.",
    source: UNET,
    formula: &[
        r"w(x) = 1 + ⟨w0⟩ \cdot \exp\Bigl( -\frac{d(x)^2}{2 \cdot ⟨sigma⟩^2} \Bigr)",
        r"L = -\frac{1}{|\Omega|} \sum_x w(x)\, \log p_g(x)",
    ],
    parameters: &[MAP, W0, SIGMA, NORMALISE],
    terms: [""; 4],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = cross_entropy::parts(of, facts);
    parts.pixel.by_weight = of.is("normalise", "by_map_sum");
    let (w0, sigma) = (of.number("w0"), of.number("sigma"));
    parts.weighting = if of.is("map", "near_contour") {
        Weighting::NearContour { w0, sigma }
    } else {
        Weighting::BetweenObjects { w0, sigma }
    };
    parts
}
