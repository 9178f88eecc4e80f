//! Parameters that several losses have, and what follows from them.

use super::super::definition::{Choice, Facts, Parameter, choice, number, word};
use super::super::parts::dice;
use super::super::{Params, Parts};
use crate::reference::region_ratios::Ratio;

pub(super) const PAPER: &str = "Huang and Sui, arXiv 2407.06176";
pub(super) const OURS: &str = "Our choice: the paper does not state it.";
pub(super) const MONAI: &str = "MONAI's default";

const WITHOUT: Choice = choice(
    "without",
    "Without",
    "Class 0 takes no part: it is easy, and drowns the others.",
);
const WITH: Choice = choice("with", "With", "Class 0 counts like any other class.");

pub(super) const BACKGROUND: Parameter = word(
    ["background", "Background"],
    &[WITHOUT, WITH],
    "Whether the background class has a ratio of its own.",
    "Left out by the paper and by most who train with Dice.",
);

pub(super) const WITH_BACKGROUND: Parameter = word(
    ["background", "Background"],
    &[WITH, WITHOUT],
    "Whether the background class takes part.",
    MONAI,
);

const PER_CLASS_BATCH: Choice = choice(
    "per_class_batch",
    "A ratio for each class",
    "Sums run over all images of a batch: a class that one image lacks is no trouble.",
);
const PER_CLASS_ITEM: Choice = choice(
    "per_class_item",
    "A ratio for each class of each image",
    "Every organ of every slice counts the same, however small it is there.",
);
const JOINT: Choice = choice(
    "joint",
    "One ratio over classes and batch",
    "Large classes dominate, as in the authors' code.",
);
const JOINT_ITEM: Choice = choice(
    "joint_item",
    "One ratio for each image",
    "Sums run over the classes of an image.",
);

const POOL_ABOUT: &str = "What one ratio sums over; the mean is taken over the rest.";

/// A ratio for each class by default.
pub(super) const POOL: Parameter = word(
    ["pool", "One ratio sums over"],
    &[PER_CLASS_BATCH, PER_CLASS_ITEM, JOINT_ITEM, JOINT],
    POOL_ABOUT,
    "The paper's formula has a ratio for each class.",
);

/// A ratio for each class of each image by default.
pub(super) const MONAI_POOL: Parameter = word(
    ["pool", "One ratio sums over"],
    &[PER_CLASS_ITEM, PER_CLASS_BATCH, JOINT_ITEM, JOINT],
    POOL_ABOUT,
    "MONAI's default: batch=False.",
);

/// All classes of an image by default.
pub(super) const CLASS_POOL: Parameter = word(
    ["pool", "One ratio sums over"],
    &[JOINT_ITEM, JOINT],
    POOL_ABOUT,
    "MONAI's default: batch=False.",
);

pub(super) const ABSENT: Parameter = word(
    ["absent", "Classes without a pixel"],
    &[
        choice(
            "exclude",
            "Left out",
            "A ratio without a foreground pixel is left out of the mean.",
        ),
        choice(
            "include",
            "Counted",
            "It counts like any other, with D near 1 for whatever is predicted.",
        ),
    ],
    "What happens to a class that is not there.",
    OURS,
);

pub(super) const SMOOTH: Parameter = number(
    ["smooth", "ε", "smoothing of the ratios"],
    [1e-7, 10.0, 1e-5, 1e-5],
    "In numerator and denominator of each ratio, in pixels: keeps 0/0 away.",
    "MONAI's default: smooth_nr = smooth_dr = 1e-5.",
);

pub(super) const CLASS_WEIGHT: Parameter = Parameter {
    key: "class_weight",
    symbol: "a",
    name: "class weights",
    domain: super::super::Domain::PerClass,
    about: "A factor for the pixels of each true class, background first; none means 1 for all. The mean still divides by the number of pixels.",
    source: "torch.nn.CrossEntropyLoss(weight=…) with reduction='none' and a plain mean, as in the authors' code.",
};

pub(super) const LAMBDA_W: Parameter = number(
    ["lambda_w", "λ_w", "weight of the contour"],
    [0.0, 100.0, 0.1, 2.0],
    "What a contour pixel weighs more than another.",
    "The authors' code; the paper does not state it.",
);

pub(super) const PLAIN: Parameter = number(
    ["plain", "", "plain cross-entropy"],
    [0.0, 100.0, 0.05, 0.0],
    "Weight of the unweighted cross-entropy that the authors' code adds: 1 there, 0 in the paper.",
    PAPER,
);

pub(super) const UNION: Parameter = word(
    ["union", "Contours of"],
    &[
        choice(
            "all",
            "All, background too",
            "Both sides of a boundary are weighted.",
        ),
        choice(
            "foreground",
            "Foreground only",
            "Only the inner side is weighted.",
        ),
    ],
    "Which classes' contours raise the weight of a pixel.",
    "The authors' code sums over all classes.",
);

pub(super) const LAMBDA_CONTOUR: Parameter = number(
    ["lambda_contour", "λ_d", "weight of D(contour)"],
    [0.0, 100.0, 0.05, 0.5],
    "Weight of the ratio on the contours: λ_d in the paper, 1 in the authors' code.",
    OURS,
);

pub(super) const LAMBDA_REST: Parameter = number(
    ["lambda_rest", "λ_rest", "weight of D(rest)"],
    [0.0, 100.0, 0.05, 0.5],
    "Weight of the ratio off the contours: 1 − λ_d in the paper, 1 in the authors' code.",
    OURS,
);

/// Pooling and background as the parameters say; for those that the loss has.
pub(super) fn pooled(params: &Params, ratio: Ratio<f64>) -> Ratio<f64> {
    let (by_sample, by_class) = match params.word("pool").as_str() {
        "joint" => (false, false),
        "joint_item" => (true, false),
        "per_class_batch" => (false, true),
        _ => (true, true),
    };
    Ratio {
        by_sample,
        by_class,
        ..ratio
    }
}

/// 1 for the classes that take part, 0 for a background that does not, and how many take part.
pub(super) fn taking_part(params: &Params, facts: &Facts) -> (Vec<f64>, f64) {
    let mut weights = vec![1.0; facts.classes];
    if params.is("background", "without") {
        weights[0] = 0.0;
    }
    let count = weights.iter().sum();
    (weights, count)
}

impl Parts {
    /// With the Dice whose weight, background, pooling and smoothing the parameters say.
    pub(super) fn with_dice(mut self, of: &Params) -> Self {
        self.region.beta = of.number("lambda_dice");
        self.region.ratio = Ratio {
            smooth: [of.number("smooth"); 2],
            background: of.is("background", "with"),
            ..pooled(of, dice())
        };
        self
    }

    /// The region term taken from another loss.
    pub(super) fn with_region_of(self, other: Self) -> Self {
        Self {
            region: other.region,
            ..self
        }
    }
}
