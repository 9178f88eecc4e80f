//! What a contour is worth, and how much of it there is.

use serde::{Deserialize, Serialize};

use crate::reference::Real;

/// What a pixel's cross-entropy weighs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Weighting<T = f32> {
    /// `base + λ · min(1, Σ C_k(x))` over a set of classes.
    Contour {
        base: T,
        lambda: T,
        /// Class k counts when bit k is set.
        classes: u32,
    },
    /// `1 + w0 exp(−d² / 2σ²)`, d the distance in pixels to the nearest contour of any class in the slice; 1 where
    /// the slice has none. σ > 0.
    NearContour { w0: T, sigma: T },
    /// `1 + w0 exp(−(d1 + d2)² / 2σ²)` on the background, the border term of the UNet paper (Ronneberger et al.
    /// 2015, equation 2, with a class balance of 1): d1 and d2 are the distances in pixels to the nearest and the
    /// second nearest [object](fn@super::objects) of the slice. 1 on objects, and where the slice has fewer than two.
    /// σ > 0.
    BetweenObjects { w0: T, sigma: T },
}

impl<T: Real> Weighting<T> {
    /// The weights that a legend names, each with the place where it counts; one where all pixels weigh the same.
    #[must_use]
    pub fn legend(&self) -> Vec<(T, &'static str)> {
        let [off, on] = match self {
            Self::Contour { classes: 0, .. } => ["everywhere"; 2],
            Self::Contour { .. } => ["off contour", "on contour"],
            Self::NearContour { .. } => ["far away", "on a contour"],
            Self::BetweenObjects { .. } => ["far away", "where objects touch"],
        };
        let (low, high) = self.ends();
        if low == high || off == on {
            vec![(low, "everywhere")]
        } else {
            vec![(low, off), (high, on)]
        }
    }

    /// 1 where any class has its contour, 0 elsewhere.
    #[must_use]
    pub fn union() -> Self {
        Self::Contour {
            base: T::zero(),
            lambda: T::one(),
            classes: !0,
        }
    }

    /// The same in another precision.
    #[must_use]
    pub fn cast<U: Real>(&self) -> Weighting<U> {
        let cast = |value: T| U::from(value).unwrap_or_else(U::nan);
        match *self {
            Self::Contour {
                base,
                lambda,
                classes,
            } => Weighting::Contour {
                base: cast(base),
                lambda: cast(lambda),
                classes,
            },
            Self::NearContour { w0, sigma } => Weighting::NearContour {
                w0: cast(w0),
                sigma: cast(sigma),
            },
            Self::BetweenObjects { w0, sigma } => Weighting::BetweenObjects {
                w0: cast(w0),
                sigma: cast(sigma),
            },
        }
    }

    /// The weight far from everything that counts, and the weight where it counts most: on the contour, or where
    /// two objects all but touch.
    #[must_use]
    pub fn ends(&self) -> (T, T) {
        match *self {
            Self::Contour { base, lambda, .. } => (base, base + lambda),
            Self::NearContour { w0, .. } | Self::BetweenObjects { w0, .. } => (T::one(), T::one() + w0),
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
    /// Pixels of the class on which any class has its contour, background too; and without it.
    pub union: [usize; 2],
}

impl Extent {
    /// Takes in another part of the same class.
    pub fn add(&mut self, other: &Self) {
        self.pixels += other.pixels;
        self.contour += other.contour;
        for (sum, part) in self.union.iter_mut().zip(other.union) {
            *sum += part;
        }
    }

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
            extent.union[0] += usize::from(*bits != 0);
            extent.union[1] += usize::from(*bits & !1 != 0);
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
    fn a_legend_names_one_weight_where_all_pixels_weigh_the_same() {
        let contour = |lambda, classes| Weighting::Contour {
            base: 1.0,
            lambda,
            classes,
        };
        assert_eq!(
            contour(2.0, !0).legend(),
            [(1.0, "off contour"), (3.0, "on contour")]
        );
        assert_eq!(contour(0.0, !0).legend(), [(1.0, "everywhere")]);
        assert_eq!(contour(2.0, 0).legend(), [(1.0, "everywhere")]);
        let near = Weighting::NearContour { w0: 0.0, sigma: 5.0 };
        assert_eq!(near.legend(), [(1.0, "everywhere")]);
    }

    #[test]
    fn extents_count_label_and_contour_apart() {
        let extents = extents(&[0_u8, 1, 1, 5], &[0b11, 0b10, 0, 0b10_0000], 3);
        let of = |pixels, contour, union| Extent {
            pixels,
            contour,
            union,
        };
        assert_eq!(extents, [of(1, 1, [1, 1]), of(2, 2, [1, 1]), of(0, 0, [0, 0])]);
        assert_eq!(extents[1].share(), Some(1.0));
        assert_eq!(extents[2].share(), None);
        assert_eq!(union_count(&[0b11, 0b01, 0], !1), 1);
    }
}
