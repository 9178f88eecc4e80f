//! Twin of `shaders/loss/region_sums.wgsl`.

use super::Real;

/// What is predicted of a pair of pixel and class, and its target.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a, T> {
    /// Whether the contour splits the pairs; else all of them count as off it.
    pub split: bool,
    /// (K, K), the cost of class k where the label is y. With costs the target is the foreground; without (empty),
    /// the class itself.
    pub costs: &'a [T],
}

impl<T: Real> Pairs<'_, T> {
    /// What q is of p: nothing where the label is of no class.
    #[must_use]
    pub fn cost(&self, label: u32, k: usize, classes: usize) -> T {
        if label as usize >= classes {
            return T::zero();
        }
        let at = label as usize * classes + k;
        self.costs.get(at).copied().unwrap_or_else(T::one)
    }

    /// t: nothing where the label is of no class.
    #[must_use]
    pub fn target(&self, label: u32, k: usize, classes: usize) -> T {
        let is_target = if self.costs.is_empty() {
            label as usize == k
        } else {
            label > 0 && (label as usize) < classes
        };
        if is_target { T::one() } else { T::zero() }
    }

    /// 0 on the contour of class k, 1 off it.
    #[must_use]
    pub fn set(&self, contour: u32, k: usize) -> usize {
        usize::from(!(self.split && contour >> k & 1 != 0))
    }
}

/// Σqt, Σq, Σt, Σq² on the contour of a class and off it, q the probability times its cost and t the target:
/// partials (strips, N, K, 2, 4) of p (N, K, H, W), labels and contour (N, H, W), with `pixels` = H·W. Numbers are
/// added in blocks of 32.
pub fn region_sums<T: Real>(
    partials: &mut [T],
    p: &[T],
    labels: &[u32],
    contour: &[u32],
    pairs: Pairs<'_, T>,
    classes: usize,
    pixels: usize,
    strips: usize,
) {
    let rows = p.len() / pixels;
    for row in 0..rows {
        let class = row % classes;
        let image = row / classes * pixels;
        for strip in 0..strips {
            let mut sums = [T::zero(); 8];
            let mut x = strip;
            while x < pixels {
                let mut block = [T::zero(); 8];
                let mut b = 0;
                while b < 32 && x < pixels {
                    let label = labels[image + x];
                    let q = pairs.cost(label, class, classes) * p[row * pixels + x];
                    let t = pairs.target(label, class, classes);
                    let set = 4 * pairs.set(contour[image + x], class);
                    for (i, term) in [q * t, q, t, q * q].into_iter().enumerate() {
                        block[set + i] += term;
                    }
                    x += strips;
                    b += 1;
                }
                for i in 0..8 {
                    sums[i] += block[i];
                }
            }
            for i in 0..8 {
                partials[(strip * rows + row) * 8 + i] = sums[i];
            }
        }
    }
}
