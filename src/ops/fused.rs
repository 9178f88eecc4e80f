//! The variants of [`fused_sums`](super::fused_sums) and [`fused_gradient`](super::fused_gradient).

use crate::gpu::{Constants, Spec, Uniform, uniform};

uniform! {
    /// What either kernel is told.
    pub struct Params {
        /// N.
        samples: u32,
        /// H·W.
        pixels: u32,
        strips: u32,
        /// Class set whose contour raises the weight.
        counted: u32,
        base: f32,
        lambda: f32,
        /// ε of the label smoothing.
        smoothing: f32,
        /// γ of the focal loss.
        gamma: f32,
        /// 1: a pixel counts by its weight w·a_y, else as 1.
        by_weight: u32,
    }
}

/// Uniforms are the same for both.
pub(super) const FIELDS: &[crate::gpu::Field] = Params::FIELDS;

/// What is computed for a pixel beside the softmax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Cross-entropy, neither smoothed nor focused.
    Plain,
    /// Cross-entropy, smoothed and focused.
    Focused,
    /// K sigmoids, focused.
    Sigmoid,
    /// A field times the probability.
    Linear,
    /// A field times the squared error of the probability.
    Squared,
    /// [`Form::Plain`], and the predictions of the region sums have costs.
    Costs,
}

/// How a kernel is unrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// K: 2 to [`Variant::MOST_CLASSES`].
    pub classes: usize,
    pub form: Form,
    /// The contour splits the pairs.
    pub split: bool,
    /// The weight is loaded; else it is worked out from the contour.
    pub given: bool,
}

impl Form {
    pub const ALL: [Self; 6] = [
        Self::Plain,
        Self::Focused,
        Self::Sigmoid,
        Self::Linear,
        Self::Squared,
        Self::Costs,
    ];
}

impl Variant {
    /// Of a class, eight sums and eight coefficients stay in registers: more classes than this would spill.
    pub const MOST_CLASSES: usize = 8;

    pub(super) const fn index(self) -> usize {
        let form = (self.classes - 2) * Form::ALL.len() + self.form as usize;
        4 * form + 2 * self.split as usize + self.given as usize
    }
}

pub(super) const COUNT: usize = (Variant::MOST_CLASSES - 1) * Form::ALL.len() * 4;

const NAMES: usize = 8;

static CONSTANTS: [[(&str, u32); NAMES]; COUNT] = constants();

const fn constants() -> [[(&'static str, u32); NAMES]; COUNT] {
    let mut all = [[("", 0); NAMES]; COUNT];
    let mut i = 0;
    while i < COUNT {
        let form = Form::ALL[i / 4 % Form::ALL.len()];
        all[i] = [
            ("K", (i / 4 / Form::ALL.len() + 2) as u32),
            ("FOCUS", matches!(form, Form::Focused) as u32),
            ("SIGMOID", matches!(form, Form::Sigmoid) as u32),
            ("FIELD", matches!(form, Form::Linear | Form::Squared) as u32),
            ("SQUARED", matches!(form, Form::Squared) as u32),
            ("COSTS", matches!(form, Form::Costs) as u32),
            ("SPLIT", (i / 2 % 2) as u32),
            ("GIVEN", (i % 2) as u32),
        ];
        i += 1;
    }
    all
}

/// One spec for each variant, at its index.
pub(super) const fn specs(spec: &Spec) -> [Spec; COUNT] {
    let mut all = [*spec; COUNT];
    let mut i = 0;
    while i < COUNT {
        let constants: Constants = &CONSTANTS[i];
        all[i] = spec.with(constants);
        i += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_those_of_the_variant_at_its_index() {
        for classes in 2..=Variant::MOST_CLASSES {
            for form in Form::ALL {
                for [split, given] in [[false, true], [true, false], [true, true]] {
                    let variant = Variant {
                        classes,
                        form,
                        split,
                        given,
                    };
                    let constants = CONSTANTS[variant.index()];
                    assert_eq!(constants[0], ("K", classes as u32));
                    assert_eq!(constants[5], ("COSTS", u32::from(form == Form::Costs)));
                    assert_eq!(constants[6], ("SPLIT", u32::from(split)));
                    assert_eq!(constants[7], ("GIVEN", u32::from(given)));
                }
            }
        }
    }
}
