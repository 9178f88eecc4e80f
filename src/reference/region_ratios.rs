//! Twin of `shaders/loss/region_ratios.wgsl`.

use super::Real;

/// What a class counts in a pool, T its pixels there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassWeighting {
    /// 1.
    Equal,
    /// 1/T; a class without a pixel takes the largest of the others.
    Simple,
    /// 1/T², likewise.
    Square,
    /// 1/(T² + 10⁻³).
    Softened,
}

/// `D = (1 − (numerator·S + ε₀) / (denominator·S + ε₁))^exponent` with `S = (Σqt, Σq, Σt, Σq²)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio<T> {
    pub numerator: [T; 4],
    pub denominator: [T; 4],
    /// ε₀ and ε₁.
    pub smooth: [T; 2],
    pub exponent: T,
    pub weighting: ClassWeighting,
    /// One ratio of which contour and rest each make a part, and in which `α Σqt` is taken from the numerator and the
    /// denominator, α = min(this, 1 − 2 (C + ε₁) / (T + ε₁)), C of the T pixels of the pool being contour.
    pub boundary: Option<T>,
    /// Whether class 0 takes part.
    pub background: bool,
    /// A ratio for each image.
    pub by_sample: bool,
    /// A ratio for each class.
    pub by_class: bool,
    /// A pool without a target is left out.
    pub exclude: bool,
}

impl<T: Real> Ratio<T> {
    pub(super) fn first(&self) -> usize {
        usize::from(!self.background)
    }

    /// Ratios of one image.
    pub(super) fn across(&self, classes: usize) -> usize {
        if self.by_class { classes - self.first() } else { 1 }
    }

    fn class_weight(&self, pixels: T) -> T {
        match self.weighting {
            ClassWeighting::Equal => T::one(),
            ClassWeighting::Simple => T::one() / pixels,
            ClassWeighting::Square => T::one() / pixels / pixels,
            ClassWeighting::Softened => T::one() / (pixels * pixels + T::of(1e-3)),
        }
    }

    /// One ratio for both sets, with the part of D that falls to each.
    fn joined(&self, on: [T; 4], off: [T; 4], limit: T, pairs: T) -> [[T; 12]; 2] {
        let (one, two) = (T::one(), T::of(2.0));
        let share = (on[2] + self.smooth[1]) / (on[2] + off[2] + self.smooth[1]);
        let alpha = (one - two * share).min(limit);
        let mut ratio = *self;
        ratio.numerator[0] += one - alpha;
        ratio.denominator[0] += one - alpha;
        let whole = ratio.of([0, 1, 2, 3].map(|i| on[i] + off[i]), pairs);
        let (mut of_on, mut of_off) = (whole, whole);
        of_on[3] = (0..4).map(|i| whole[4 + i] * on[i]).sum();
        of_off[3] = whole[3] - of_on[3];
        [of_on, of_off]
    }

    /// a, b, c, D; s; s₀, 1, 0, 0.
    fn of(&self, sums: [T; 4], pairs: T) -> [T; 12] {
        let dot = |factors: [T; 4]| factors.into_iter().zip(sums).map(|(f, s)| f * s).sum::<T>();
        let (numerator, denominator) = (self.numerator, self.denominator);
        let above = dot(numerator) + self.smooth[0];
        let below = dot(denominator) + self.smooth[1];
        let excess = self.smooth[1] - self.smooth[0];
        let difference = [0, 1, 2, 3].map(|i| denominator[i] - numerator[i]);
        let plain = (dot(difference) + excess) / below;
        let share = if self.exponent == T::one() {
            T::one()
        } else if plain > T::zero() {
            plain.powf(self.exponent - T::one())
        } else {
            T::zero()
        };
        let slope = self.exponent * share;
        let d = [0, 1, 2, 3].map(|i| slope * (denominator[i] * above / below - numerator[i]) / below);
        let s = difference.map(|factor| share * factor / below);
        let zero = T::zero();
        let constant = share * excess / below / pairs;
        [
            d[1],
            d[0],
            T::of(2.0) * d[3],
            plain * share,
            s[0],
            s[1],
            s[2],
            s[3],
            constant,
            T::one(),
            zero,
            zero,
        ]
    }
}

/// Ratios (pools, 2, 3, 4): for the contour and the rest of each pool a, b, c, D; s; s₀ and 1 if it counts, with
/// `∂D/∂q = u (a + b·t + c·q)` and D the sum over the pairs of `s₀ + u s·(qt, q, t, q²)`. Members (N, K): u, what a
/// class counts. `sums` (N, K, 2, 4); `pixels` = H·W.
pub fn region_ratios<T: Real>(
    ratios: &mut [T],
    members: &mut [T],
    sums: &[T],
    classes: usize,
    pixels: usize,
    ratio: &Ratio<T>,
) {
    let samples = sums.len() / (8 * classes);
    let first = ratio.first();
    let across = ratio.across(classes);
    let pools = if ratio.by_sample { samples * across } else { across };
    for pool in 0..pools {
        let (image, class) = (pool / across, first + pool % across);
        let images = if ratio.by_sample {
            image..image + 1
        } else {
            0..samples
        };
        let inside = if ratio.by_class {
            class..class + 1
        } else {
            first..classes
        };
        let class_pixels = |k: usize| -> T {
            images
                .clone()
                .map(|n| {
                    let at = (n * classes + k) * 8;
                    sums[at + 2] + sums[at + 6]
                })
                .sum()
        };
        let fewest = inside
            .clone()
            .map(class_pixels)
            .filter(|pixels| *pixels > T::zero())
            .fold(T::infinity(), T::min);
        let mut pooled = [T::zero(); 8];
        for k in inside.clone() {
            let own = class_pixels(k);
            let borrows = matches!(ratio.weighting, ClassWeighting::Simple | ClassWeighting::Square);
            let u = if own > T::zero() || !borrows {
                ratio.class_weight(own)
            } else if fewest.is_finite() {
                ratio.class_weight(fewest)
            } else {
                T::zero()
            };
            for n in images.clone() {
                members[n * classes + k] = u;
                for i in 0..8 {
                    pooled[i] += u * sums[(n * classes + k) * 8 + i];
                }
            }
        }
        let counts = !ratio.exclude || pooled[2] + pooled[6] > T::zero();
        let pairs = T::of((pixels * images.len() * inside.len()) as f64);
        let sums_of = |set: usize| [0, 1, 2, 3].map(|i| pooled[4 * set + i]);
        let mut of_sets = [0, 1].map(|set| ratio.of(sums_of(set), pairs));
        if let Some(limit) = ratio.boundary {
            of_sets = ratio.joined(sums_of(0), sums_of(1), limit, pairs);
        }
        for (set, values) in of_sets.into_iter().enumerate() {
            for (i, value) in values.into_iter().enumerate() {
                ratios[24 * pool + 12 * set + i] = if counts { value } else { T::zero() };
            }
        }
    }
}
