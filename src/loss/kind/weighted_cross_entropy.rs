//! Cross-entropy with a weight for each true class.

use super::super::definition::{Definition, Facts, Family, Parameter, choice, word};
use super::super::{Params, Parts};
use super::cross_entropy;
use super::shared::CLASS_WEIGHT;

const WEIGHTS: Parameter = word(
    ["weights", "Weights by"],
    &[
        choice(
            "median",
            "Median frequency",
            "a = the median class's pixels over those of the class (Eigen and Fergus 2015).",
        ),
        choice(
            "inverse",
            "Inverse frequency",
            "a = all pixels over those of the class and the number of classes: every class weighs the same in all.",
        ),
        choice("given", "The numbers below", "As you enter them."),
    ],
    "Where the class weights come from. Pixels are counted over the training slices; a class without one has weight 0.",
    "Our choice: median frequency is the mildest of the common ones.",
);

const NORMALISE: Parameter = word(
    ["normalise", "Divided by"],
    &[
        choice(
            "by_weight_sum",
            "The sum of the weights",
            "torch's own mean: the size of the loss stays comparable.",
        ),
        choice(
            "by_pixels",
            "The number of pixels",
            "A plain mean: rare batches weigh more.",
        ),
    ],
    "What the sum over the pixels is divided by.",
    "torch.nn.CrossEntropyLoss(weight=…)",
);

pub(super) static DEFINITION: Definition = Definition {
    key: "weighted_cross_entropy",
    name: "Class-weighted cross-entropy",
    family: Family::CrossEntropy,
    about: "Pixels of rare classes count more, wherever in the class they lie.",
    source: "torch.nn.CrossEntropyLoss(weight=…); Eigen and Fergus, ICCV 2015, for the median frequency",
    formula: &[r"L = -\frac{\sum_x a_g\, \log p_g(x)}{\sum_x a_g}"],
    parameters: &[WEIGHTS, CLASS_WEIGHT, NORMALISE],
    terms: [""; 4],
    presets: &[],
    parts,
};

fn parts(of: &Params, facts: &Facts) -> Parts {
    let mut parts = cross_entropy::parts(of, facts);
    parts.pixel.by_weight = of.is("normalise", "by_weight_sum");
    parts.class_weight = if of.is("weights", "given") {
        of.per_class("class_weight", facts.classes)
    } else {
        by_frequency(&facts.pixels, facts.classes, of.is("weights", "median"))
    };
    parts
}

/// One weight for each class; 1 for all if nobody counted.
fn by_frequency(pixels: &[u64], classes: usize, median: bool) -> Vec<f64> {
    let mut present: Vec<f64> = pixels
        .iter()
        .filter(|count| **count > 0)
        .map(|count| *count as f64)
        .collect();
    if present.is_empty() {
        return vec![1.0; classes];
    }
    present.sort_by(f64::total_cmp);
    let middle = present.len() / 2;
    let wanted = if !median {
        present.iter().sum::<f64>() / present.len() as f64
    } else if present.len().is_multiple_of(2) {
        f64::midpoint(present[middle - 1], present[middle])
    } else {
        present[middle]
    };
    let weight = |count: &u64| if *count == 0 { 0.0 } else { wanted / *count as f64 };
    pixels.iter().map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_classes_weigh_more_and_absent_ones_nothing() {
        assert_eq!(by_frequency(&[80, 16, 0, 4], 4, true), [0.2, 1.0, 0.0, 4.0]);
        let inverse = by_frequency(&[60, 30, 0, 10], 4, false);
        let total: Vec<f64> = inverse
            .iter()
            .zip([60.0, 30.0, 0.0, 10.0])
            .map(|(a, t)| a * t)
            .collect();
        assert!(
            total
                .iter()
                .all(|share| *share == 0.0 || (share - 100.0 / 3.0).abs() <= 1e-12)
        );
        assert_eq!(by_frequency(&[4, 2], 2, true), [0.75, 1.5]);
        assert_eq!(by_frequency(&[], 2, true), [1.0, 1.0]);
    }
}
