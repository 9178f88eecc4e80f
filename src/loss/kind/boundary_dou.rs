//! Boundary difference over union (Sun et al. 2023): the mismatch over a union from which part of the overlap is taken away.

use super::super::definition::{Definition, Facts, Family, Parameter, number};
use super::super::parts::dice;
use super::super::{Params, Parts};
use super::shared::{SMOOTH, WITH_BACKGROUND};
use crate::reference::region_ratios::Ratio;

const LIMIT: Parameter = number(
    ["limit", "α_max", "limit of α"],
    [0.0, 0.99, 0.01, 0.8],
    "The largest α. The nearer α is to 1, the less the inside of a class counts beside its boundary.",
    "Sun et al., MICCAI 2023",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "boundary_dou",
    name: "Boundary DoU",
    family: Family::Contour,
    about: "The mismatch of prediction and class, over a union that leaves out most of the inside of a large class. It compares with the loss by contours without a map of distances. The authors' contour is a cross of radius 1; this page counts the contour that is chosen.",
    source: "Sun et al., MICCAI 2023",
    formula: &[
        r"L = \frac{1}{K} \sum_k \frac{\sum p^2 + \sum g - 2 \sum p\,g + ⟨smooth⟩}{\sum p^2 + \sum g - (1 + \alpha_k) \sum p\,g + ⟨smooth⟩}",
        r"\alpha_k = \min\Bigl( ⟨limit⟩, \; 1 - 2\,\frac{|C_k| + ⟨smooth⟩}{|G_k| + ⟨smooth⟩} \Bigr)",
        r"C_k: \text{ contour of the class in the batch}, \quad G_k: \text{ all its pixels}",
    ],
    parameters: &[LIMIT, WITH_BACKGROUND, SMOOTH],
    terms: ["", "Boundary DoU", "On the contour", "Off the contour"],
    presets: &[],
    parts,
};

/// One ratio for each class, of which the contour pixels and the others each make a part.
fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = Parts::none(facts.classes);
    parts.region.beta = 1.0;
    parts.region.lambda = [1.0, 1.0];
    parts.region.split = true;
    parts.region.ratio = Ratio {
        numerator: [0.0; 4],
        denominator: [-2.0, 0.0, 1.0, 1.0],
        smooth: [0.0, of.number("smooth")],
        boundary: Some(of.number("limit")),
        background: of.is("background", "with"),
        by_sample: false,
        ..dice()
    };
    parts
}
