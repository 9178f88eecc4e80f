//! What every loss is made of: a pixel term, region sums with their coefficients, and a weight map.

use crate::contour::Weighting;
use crate::reference::Real;
use crate::reference::pixel_terms::Rule;
use crate::reference::region_ratios::{ClassWeighting, Ratio};
use crate::reference::region_sums::Pairs;
use crate::reference::region_terms::Weights;

/// `L = α · pixel + β · (λ_contour · D(contour) + λ_rest · D(rest))`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    pub pixel: Pixel,
    pub region: Region,
    /// a_k of the pixel term, one for each class.
    pub class_weight: Vec<f64>,
    /// w of the pixel term.
    pub weighting: Weighting<f64>,
}

/// A mean over pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Pixel {
    pub alpha: f64,
    pub term: Term,
    /// What a pixel's value is divided by, beside the number of pixels that count: as MONAI divides some by the classes.
    pub divisor: f64,
    /// Divided by Σ w·a_y instead of by the number of pixels.
    pub by_weight: bool,
    /// log(1 + ·) of the mean.
    pub logarithm: bool,
    /// Only so many of 1000 pixels of each image count, those with the largest values. Their weight replaces that of
    /// [`Parts::weighting`], and no gradient goes through the choice.
    pub worst: Option<u32>,
}

/// What is averaged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Term {
    /// Smoothed by ε, focused by γ; with both 0 the plain one.
    CrossEntropy { smoothing: f64, gamma: f64 },
    /// A sigmoid for each class.
    Sigmoid { gamma: f64 },
    /// p·φ, φ the signed distance to the class.
    Boundary,
    /// (p − g)² (d_p^α + d_g^α), d the distances to the other side of the boundary.
    Hausdorff { alpha: f64 },
}

/// A mean over ratios.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub beta: f64,
    /// On the contour and off it. Without a split everything is off it.
    pub lambda: [f64; 2],
    pub split: bool,
    pub ratio: Ratio<f64>,
    /// (K, K), or empty: the cost of class k where the label is y. Then the target is the foreground.
    pub costs: Vec<f64>,
}

impl Term {
    pub(super) fn rule<T: Real>(self) -> Rule<T> {
        match self {
            Self::CrossEntropy { smoothing, gamma } => Rule::CrossEntropy {
                smoothing: T::of(smoothing),
                gamma: T::of(gamma),
            },
            Self::Sigmoid { gamma } => Rule::Sigmoid { gamma: T::of(gamma) },
            Self::Boundary => Rule::Linear,
            Self::Hausdorff { .. } => Rule::Squared,
        }
    }

    /// Whether a field is multiplied in.
    #[must_use]
    pub fn has_field(self) -> bool {
        matches!(self, Self::Boundary | Self::Hausdorff { .. })
    }
}

impl Parts {
    /// Nothing yet: no term counts.
    #[must_use]
    pub fn none(classes: usize) -> Self {
        Self {
            pixel: Pixel {
                alpha: 0.0,
                term: Term::CrossEntropy {
                    smoothing: 0.0,
                    gamma: 0.0,
                },
                divisor: 1.0,
                by_weight: false,
                logarithm: false,
                worst: None,
            },
            region: Region {
                beta: 0.0,
                lambda: [0.0, 1.0],
                split: false,
                ratio: dice(),
                costs: Vec::new(),
            },
            class_weight: vec![1.0; classes],
            weighting: Weighting::Contour {
                base: 1.0,
                lambda: 0.0,
                classes: !0,
            },
        }
    }

    /// Σqt, Σq, Σt, Σq² of which pairs.
    pub(super) fn pairs<'a, T: Real>(&self, costs: &'a [T]) -> Pairs<'a, T> {
        Pairs {
            split: self.region.split,
            costs,
        }
    }

    pub(super) fn costs<T: Real>(&self) -> Vec<T> {
        self.region.costs.iter().map(|cost| T::of(*cost)).collect()
    }

    pub(super) fn class_weights<T: Real>(&self) -> Vec<T> {
        self.class_weight.iter().map(|weight| T::of(*weight)).collect()
    }

    pub(super) fn weights<T: Real>(&self) -> Weights<T> {
        Weights {
            alpha: T::of(self.pixel.alpha),
            beta: T::of(self.region.beta),
            lambda_contour: T::of(self.region.lambda[0]),
            lambda_rest: T::of(self.region.lambda[1]),
            divisor: T::of(self.pixel.divisor),
            logarithm: self.pixel.logarithm,
        }
    }

    pub(super) fn ratio<T: Real>(&self) -> Ratio<T> {
        let from = &self.region.ratio;
        Ratio {
            numerator: from.numerator.map(T::of),
            denominator: from.denominator.map(T::of),
            smooth: from.smooth.map(T::of),
            exponent: T::of(from.exponent),
            weighting: from.weighting,
            boundary: from.boundary.map(T::of),
            background: from.background,
            by_sample: from.by_sample,
            by_class: from.by_class,
            exclude: from.exclude,
        }
    }
}

/// `1 − (2 Σpg + ε) / (Σp + Σg + ε)` with ε = 10⁻⁵, a ratio for each foreground class of each image.
pub(super) fn dice() -> Ratio<f64> {
    Ratio {
        numerator: [2.0, 0.0, 0.0, 0.0],
        denominator: [0.0, 1.0, 1.0, 0.0],
        smooth: [1e-5; 2],
        exponent: 1.0,
        weighting: ClassWeighting::Equal,
        boundary: None,
        background: false,
        by_sample: true,
        by_class: true,
        exclude: false,
    }
}
