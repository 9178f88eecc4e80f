//! The same maps by the twins.

use super::{Border, Choice, Operator, Weighting};
use crate::reference::{self, Real};

/// Writes one pass over the second class set, with a structuring element, into the first.
type Pass<'a> = dyn Fn(&mut [u32], &[u32], &[[i32; 3]]) + 'a;

/// Contour of every class of a label (D, H, W), class k at bit k; each label below 32.
#[must_use]
pub fn contour(labels: &[u32], dims: [usize; 3], choice: &Choice) -> Vec<u32> {
    let mut bits = vec![0; labels.len()];
    reference::one_hot::one_hot(&mut bits, labels);
    let repeat = |pass: &Pass| {
        let (mut to, mut from) = (vec![0; bits.len()], bits.clone());
        for _ in 0..choice.iterations {
            for element in choice.passes() {
                pass(&mut to, &from, &element);
                std::mem::swap(&mut to, &mut from);
            }
        }
        from
    };
    let eroded = || {
        let outside = match choice.border {
            Border::Background => 0,
            Border::Ignore => !0,
        };
        repeat(&|to, from, element| reference::erode::erode(to, from, element, dims, outside))
    };
    let dilated = || repeat(&|to, from, element| reference::dilate::dilate(to, from, element, dims));
    let mut contour = vec![0; bits.len()];
    match choice.operator {
        Operator::Erode => reference::contour::contour(&mut contour, &bits, &eroded()),
        Operator::Dilate => reference::contour::contour(&mut contour, &dilated(), &bits),
        Operator::Gradient => reference::contour::contour(&mut contour, &dilated(), &eroded()),
    }
    contour
}

/// The weight of every pixel of a contour map.
pub fn weight_map<T: Real>(contour: &[u32], weighting: &Weighting<T>) -> Vec<T> {
    let mut weight = vec![T::zero(); contour.len()];
    reference::weight_map::weight_map(
        &mut weight,
        contour,
        weighting.classes,
        weighting.base,
        weighting.lambda,
    );
    weight
}
