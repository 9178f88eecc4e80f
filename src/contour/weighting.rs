//! What a contour is worth, and how much of it there is.

use crate::reference::Real;

/// `w(x) = base + λ · min(1, Σ C_k(x))` over a set of classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighting<T = f32> {
    pub base: T,
    pub lambda: T,
    /// Class k counts when bit k is set.
    pub classes: u32,
}

impl<T: Real> Weighting<T> {
    /// 1 where any class has its contour, 0 elsewhere.
    #[must_use]
    pub fn union() -> Self {
        Self {
            base: T::zero(),
            lambda: T::one(),
            classes: !0,
        }
    }
}

/// How much of a class is contour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Pixels of the class.
    pub pixels: usize,
    /// Pixels of its contour; those of an outer contour lie outside the class.
    pub contour: usize,
}

impl Extent {
    /// Contour pixels over pixels; `None` for an absent class. Can exceed 1 for an outer contour.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.pixels > 0).then(|| self.contour as f64 / self.pixels as f64)
    }
}

/// The extent of each of `classes` classes in a label and its contour map.
pub fn extents<L: Copy + Into<u32>>(labels: &[L], contour: &[u32], classes: usize) -> Vec<Extent> {
    let mut extents = vec![Extent::default(); classes];
    for (label, bits) in labels.iter().zip(contour) {
        let label: u32 = (*label).into();
        if let Some(extent) = extents.get_mut(label as usize) {
            extent.pixels += 1;
        }
        let mut rest = *bits;
        while rest != 0 {
            if let Some(extent) = extents.get_mut(rest.trailing_zeros() as usize) {
                extent.contour += 1;
            }
            rest &= rest - 1;
        }
    }
    extents
}

/// Pixels in which any class of the set `classes` has its contour.
#[must_use]
pub fn union_count(contour: &[u32], classes: u32) -> usize {
    contour.iter().filter(|bits| **bits & classes != 0).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_count_label_and_contour_apart() {
        let extents = extents(&[0_u8, 1, 1, 5], &[0b11, 0b10, 0, 0b10_0000], 3);
        let of = |pixels, contour| Extent { pixels, contour };
        assert_eq!(extents, [of(1, 1), of(2, 2), of(0, 0)]);
        assert_eq!(extents[1].share(), Some(1.0));
        assert_eq!(extents[2].share(), None);
        assert_eq!(union_count(&[0b11, 0b01, 0], !1), 1);
    }
}
