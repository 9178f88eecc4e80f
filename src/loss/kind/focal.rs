//! Focal loss (Lin et al. 2017), over the softmax or over K sigmoids.

use super::super::definition::{Choice, Definition, Facts, Family, Parameter, choice, number, word};
use super::super::{Params, Parts, Term};
use super::cross_entropy;

const LIN: &str = "Lin et al., ICCV 2017";

pub(super) const GAMMA: Parameter = number(
    ["gamma", "γ", "focus"],
    [0.0, 10.0, 0.1, 2.0],
    "How much less a pixel counts that is already right: 0 is the cross-entropy.",
    LIN,
);

const FORMS: &[Choice] = &[
    choice("softmax", "Softmax", "The classes share one probability."),
    choice(
        "sigmoid",
        "K sigmoids",
        "Each class is decided by itself, as MONAI's default does; the mean also runs over the classes.",
    ),
];

const FORM: Parameter = word(
    ["form", "Probability"],
    FORMS,
    "What turns logits into probabilities.",
    "Our choice: the network's other losses use the softmax.",
);

const REDUCTION: Parameter = word(
    ["reduction", "Mean over"],
    &[
        choice(
            "mean_over_pixels",
            "The pixels",
            "Comparable with the cross-entropy.",
        ),
        choice(
            "mean_over_classes_and_pixels",
            "Classes and pixels",
            "MONAI's: K times smaller.",
        ),
    ],
    "What the sum is divided by.",
    "Our choice",
);

const BALANCE: Parameter = word(
    ["balance", "Balance of background"],
    &[
        choice("none", "None", "All classes count the same."),
        choice("alpha", "α", "Foreground counts α, background 1 − α."),
    ],
    "Whether foreground and background count differently.",
    "MONAI's default: alpha=None.",
);

const ALPHA: Parameter = number(
    ["alpha", "α", "share of the foreground"],
    [0.0, 1.0, 0.05, 0.25],
    "The factor of all foreground classes if the balance is by α; the background has 1 − α.",
    LIN,
);

pub(super) static DEFINITION: Definition = Definition {
    key: "focal",
    name: "Focal",
    family: Family::CrossEntropy,
    about: "A cross-entropy that looks away from what is already right.",
    source: "Lin et al., ICCV 2017; MONAI's FocalLoss",
    formula: &[r"L = -\frac{1}{|\Omega|} \sum_x \bigl(1 - p_g(x)\bigr)^{⟨gamma⟩} \log p_g(x)"],
    parameters: &[GAMMA, FORM, REDUCTION, BALANCE, ALPHA],
    terms: [""; 4],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let gamma = of.number("gamma");
    let sigmoid = of.is("form", "sigmoid");
    let mut parts = cross_entropy::parts(of, facts);
    if sigmoid || of.is("reduction", "mean_over_classes_and_pixels") {
        parts.pixel.divisor = facts.classes as f64;
    }
    parts.pixel.term = if sigmoid {
        Term::Sigmoid { gamma }
    } else {
        Term::CrossEntropy {
            smoothing: 0.0,
            gamma,
        }
    };
    if of.is("balance", "alpha") {
        let alpha = of.number("alpha");
        parts.class_weight.fill(alpha);
        parts.class_weight[0] = 1.0 - alpha;
    }
    parts
}
