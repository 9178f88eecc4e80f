//! Everything that decides the compound loss, and what it gives.

use serde::{Deserialize, Serialize};

use crate::contour::Weighting;
use crate::reference::Real;

/// Which classes' contours raise the pixel weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Union {
    /// All, background too, as in the authors' code: both sides of a boundary are weighted.
    All,
    /// Foreground classes only.
    Foreground,
}

/// What one Dice ratio sums over; the mean is taken over the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pool {
    /// Images, classes and pixels: one ratio, as in the authors' code.
    Joint,
    /// Classes and pixels: a ratio for each image.
    JointItem,
    /// Images and pixels: a ratio for each class.
    PerClassBatch,
    /// Pixels: a ratio for each class of each image.
    PerClassItem,
}

impl Pool {
    /// A ratio for each image.
    #[must_use]
    pub fn by_sample(self) -> bool {
        matches!(self, Self::JointItem | Self::PerClassItem)
    }

    /// A ratio for each foreground class.
    #[must_use]
    pub fn by_class(self) -> bool {
        matches!(self, Self::PerClassBatch | Self::PerClassItem)
    }
}

/// What happens to a class without a pixel in what a ratio sums over. Matters when ratios are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Absent {
    /// It counts in the mean like any other.
    Include,
    /// A ratio without a foreground pixel, on the contour or off it, is left out of the mean and has no gradient;
    /// where all are left out, D is 0.
    Exclude,
}

/// `L = α · L_CE + β · L_SD` with
/// `L_CE = mean((plain + 1 + λ_w · c) · a · ce)` and `L_SD = λ_contour · D(contour) + λ_rest · D(rest)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Params<T = f32> {
    /// Weight α of the cross-entropy term.
    pub alpha: T,
    /// Weight β of the separable Dice term.
    pub beta: T,
    /// λ_w: what a contour pixel weighs more than another.
    pub lambda_w: T,
    /// Weight of the plain cross-entropy that the authors' code adds: 1 there, 0 in the paper.
    pub plain: T,
    pub union: Union,
    /// Weight of D(contour): λ_d in the paper, 1 in the authors' code.
    pub lambda_contour: T,
    /// Weight of D(non-contour): 1 − λ_d in the paper, 1 in the authors' code.
    pub lambda_noncontour: T,
    /// ε, in numerator and denominator of each ratio.
    pub smooth: T,
    pub pool: Pool,
    pub absent: Absent,
    /// a_k: multiplies the cross-entropy of a pixel whose true class is k. Empty: all 1.
    pub class_weight: Vec<T>,
}

/// The two published forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Preset {
    /// The formulae of the paper. It does not state λ_w, λ_d, α, β: 2, 0.5, 1 and 1 are our choice.
    Paper,
    /// What the authors' code computes: an effective weight of 2 + 2c and an unweighted sum of both Dice terms.
    AuthorsCode,
}

impl Preset {
    /// The parameters of a preset.
    #[must_use]
    pub fn params(self) -> Params {
        let paper = Params {
            alpha: 1.0,
            beta: 1.0,
            lambda_w: 2.0,
            plain: 0.0,
            union: Union::All,
            lambda_contour: 0.5,
            lambda_noncontour: 0.5,
            smooth: 1e-3,
            pool: Pool::PerClassBatch,
            absent: Absent::Exclude,
            class_weight: Vec::new(),
        };
        match self {
            Self::Paper => paper,
            Self::AuthorsCode => Params {
                plain: 1.0,
                lambda_contour: 1.0,
                lambda_noncontour: 1.0,
                pool: Pool::Joint,
                absent: Absent::Include,
                ..paper
            },
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Preset::Paper.params()
    }
}

/// The value of the loss and of what it is made of, before α and β except for `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Terms<T = f32> {
    /// α · cross_entropy + β · dice.
    pub total: T,
    /// L_CE.
    pub cross_entropy: T,
    /// L_SD.
    pub dice: T,
    /// D(contour).
    pub dice_contour: T,
    /// D(non-contour).
    pub dice_noncontour: T,
}

impl<T: Copy> Terms<T> {
    /// Terms in a run of numbers.
    pub const LEN: usize = 5;

    /// From the order of the fields, which is that of the kernel's terms.
    ///
    /// # Panics
    /// If there are fewer than [`Terms::LEN`] values.
    #[must_use]
    pub fn from_slice(values: &[T]) -> Self {
        Self {
            total: values[0],
            cross_entropy: values[1],
            dice: values[2],
            dice_contour: values[3],
            dice_noncontour: values[4],
        }
    }

    /// In the order of the fields.
    #[must_use]
    pub fn to_array(&self) -> [T; 5] {
        [
            self.total,
            self.cross_entropy,
            self.dice,
            self.dice_contour,
            self.dice_noncontour,
        ]
    }
}

/// A parameter that means nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Check the named parameter against its range.
    #[error("{name} is {value}, outside {low} to {high}. Choose a value in that range.")]
    Range {
        name: &'static str,
        value: f32,
        low: f32,
        high: f32,
    },
    /// Check that there is one class weight for each class, or none at all.
    #[error("{given} class weights for {classes} classes. Give one for each class, or none.")]
    ClassWeights { given: usize, classes: usize },
    /// With α = β = 0 nothing is left to learn from.
    #[error("α and β are both 0, so the loss is 0 everywhere. Raise one of them.")]
    Nothing,
}

impl<T: Real> Params<T> {
    /// The effective weight of a pixel's cross-entropy off and on the contour.
    #[must_use]
    pub fn pixel_weights(&self) -> (T, T) {
        let off = self.plain + T::one();
        (off, off + self.lambda_w)
    }

    /// The weight map that the cross-entropy takes.
    #[must_use]
    pub fn weighting(&self) -> Weighting<T> {
        Weighting::Contour {
            base: self.pixel_weights().0,
            lambda: self.lambda_w,
            classes: match self.union {
                Union::All => !0,
                Union::Foreground => !1,
            },
        }
    }

    /// a_k of each class.
    #[must_use]
    pub fn class_weights(&self, classes: usize) -> Vec<T> {
        if self.class_weight.is_empty() {
            vec![T::one(); classes]
        } else {
            self.class_weight.clone()
        }
    }

    /// The same in another precision.
    #[must_use]
    pub fn cast<U: Real>(&self) -> Params<U> {
        let cast = |value: T| U::from(value).unwrap_or_else(U::nan);
        Params {
            alpha: cast(self.alpha),
            beta: cast(self.beta),
            lambda_w: cast(self.lambda_w),
            plain: cast(self.plain),
            union: self.union,
            lambda_contour: cast(self.lambda_contour),
            lambda_noncontour: cast(self.lambda_noncontour),
            smooth: cast(self.smooth),
            pool: self.pool,
            absent: self.absent,
            class_weight: self.class_weight.iter().map(|value| cast(*value)).collect(),
        }
    }
}

impl Params {
    /// # Errors
    /// When a parameter is outside its range (NaN included), or nothing is weighed at all.
    pub fn validate(&self, classes: usize) -> Result<(), Error> {
        let ranges = [
            ("α", self.alpha, 0.0, 100.0),
            ("β", self.beta, 0.0, 100.0),
            ("λ_w", self.lambda_w, 0.0, 100.0),
            ("the plain term's weight", self.plain, 0.0, 100.0),
            ("the weight of D(contour)", self.lambda_contour, 0.0, 100.0),
            ("the weight of D(non-contour)", self.lambda_noncontour, 0.0, 100.0),
            ("ε", self.smooth, 1e-7, 1.0),
        ];
        for (name, value, low, high) in ranges {
            if !(low..=high).contains(&value) {
                return Err(Error::Range {
                    name,
                    value,
                    low,
                    high,
                });
            }
        }
        for value in &self.class_weight {
            if !(0.0..=1e4).contains(value) {
                return Err(Error::Range {
                    name: "a class weight",
                    value: *value,
                    low: 0.0,
                    high: 1e4,
                });
            }
        }
        if !self.class_weight.is_empty() && self.class_weight.len() != classes {
            return Err(Error::ClassWeights {
                given: self.class_weight.len(),
                classes,
            });
        }
        if self.alpha == 0.0 && self.beta == 0.0 {
            return Err(Error::Nothing);
        }
        Ok(())
    }
}
