//! What the kernels are told of a loss.

use super::{Parts, Term};
use crate::contour::Weighting;
use crate::ops::sum::strips;
use crate::ops::{
    fused, logit_gradient, numbers, pixel_shares, pixel_terms, region_ratios, region_sums, region_terms,
    worst_pixels,
};
use crate::reference::region_ratios::{ClassWeighting, Ratio};

/// (K) class weights and (K, K) costs; there is room for costs in any case.
pub(super) fn tables(parts: &Parts, classes: usize) -> Vec<f32> {
    let mut tables = parts.class_weights();
    tables.extend(parts.costs::<f32>());
    tables.resize(classes + classes * classes, 1.0);
    tables
}

/// Number of the rule, ε and γ.
fn rule(parts: &Parts) -> (u32, f32, f32) {
    match parts.pixel.term {
        Term::CrossEntropy { smoothing, gamma } => (numbers::CROSS_ENTROPY, smoothing as f32, gamma as f32),
        Term::Sigmoid { gamma } => (numbers::SIGMOID, 0.0, gamma as f32),
        Term::Boundary => (numbers::LINEAR, 0.0, 0.0),
        Term::Hausdorff { .. } => (numbers::SQUARED, 0.0, 0.0),
    }
}

/// Whether the contour splits the pairs, and whether they have costs.
fn pairs(parts: &Parts) -> (u32, u32) {
    (parts.region.split.into(), (!parts.region.costs.is_empty()).into())
}

pub(super) fn pixel_params([n, k, h, w]: [usize; 4], parts: &Parts) -> pixel_terms::Params {
    let (rule, smoothing, gamma) = rule(parts);
    pixel_terms::Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        rule,
        smoothing,
        gamma,
        by_weight: parts.pixel.by_weight.into(),
    }
}

pub(super) fn sum_params([n, k, h, w]: [usize; 4], parts: &Parts) -> region_sums::Params {
    let (split, costs) = pairs(parts);
    region_sums::Params {
        rows: (n * k) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        strips: strips(h * w) as u32,
        split,
        costs,
    }
}

/// Base and λ mean nothing where the weight is loaded.
pub(super) fn fused_params([n, k, h, w]: [usize; 4], strips: usize, parts: &Parts) -> fused::Params {
    let (_, smoothing, gamma) = rule(parts);
    let (base, lambda, counted) = match parts.weighting.cast() {
        Weighting::Contour {
            base,
            lambda,
            classes,
        } => (base, lambda, classes),
        Weighting::NearContour { .. } | Weighting::BetweenObjects { .. } => (0.0, 0.0, 0),
    };
    fused::Params {
        samples: n as u32,
        pixels: (h * w) as u32,
        strips: strips as u32,
        counted: counted & ((1 << k) - 1),
        base,
        lambda,
        smoothing,
        gamma,
        by_weight: parts.pixel.by_weight.into(),
    }
}

pub(super) fn ratio_params([n, k, h, w]: [usize; 4], parts: &Parts) -> region_ratios::Params {
    let ratio: Ratio<f32> = parts.ratio();
    region_ratios::Params {
        samples: n as u32,
        classes: k as u32,
        first: (!ratio.background).into(),
        by_sample: ratio.by_sample.into(),
        by_class: ratio.by_class.into(),
        exclude: ratio.exclude.into(),
        weighting: match ratio.weighting {
            ClassWeighting::Equal => numbers::EQUAL,
            ClassWeighting::Simple => numbers::SIMPLE,
            ClassWeighting::Square => numbers::SQUARE,
            ClassWeighting::Softened => numbers::SOFTENED,
        },
        pixels: (h * w) as f32,
        numerator_qt: ratio.numerator[0],
        numerator_t: ratio.numerator[2],
        denominator_qt: ratio.denominator[0],
        denominator_q: ratio.denominator[1],
        denominator_t: ratio.denominator[2],
        denominator_qq: ratio.denominator[3],
        smooth_numerator: ratio.smooth[0],
        smooth_denominator: ratio.smooth[1],
        exponent: ratio.exponent,
        boundary: ratio.boundary.is_some().into(),
        limit: ratio.boundary.unwrap_or(0.0),
    }
}

pub(super) fn term_params([n, k, ..]: [usize; 4], parts: &Parts) -> region_terms::Params {
    let (ratio, weights) = (parts.ratio::<f32>(), parts.weights::<f32>());
    region_terms::Params {
        samples: n as u32,
        classes: k as u32,
        first: (!ratio.background).into(),
        by_sample: ratio.by_sample.into(),
        by_class: ratio.by_class.into(),
        logarithm: weights.logarithm.into(),
        divisor: weights.divisor,
        alpha: weights.alpha,
        beta: weights.beta,
        lambda_contour: weights.lambda_contour,
        lambda_rest: weights.lambda_rest,
    }
}

pub(super) fn gradient_params([n, k, h, w]: [usize; 4], parts: &Parts) -> logit_gradient::Params {
    let ((rule, smoothing, gamma), (split, costs)) = (rule(parts), pairs(parts));
    logit_gradient::Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        rule,
        smoothing,
        gamma,
        split,
        costs,
    }
}

/// All pixels where none are chosen.
pub(super) fn worst_params([n, _, h, w]: [usize; 4], parts: &Parts) -> worst_pixels::Params {
    worst_pixels::Params {
        samples: n as u32,
        pixels: (h * w) as u32,
        per_mille: parts.pixel.worst.unwrap_or(1000),
        shift: 24,
    }
}

pub(super) fn share_params([n, k, h, w]: [usize; 4], parts: &Parts) -> pixel_shares::Params {
    let (split, costs) = pairs(parts);
    pixel_shares::Params {
        count: (n * h * w) as u32,
        classes: k as u32,
        pixels: (h * w) as u32,
        split,
        costs,
    }
}
