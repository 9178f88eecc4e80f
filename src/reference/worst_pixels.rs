//! Twin of `shaders/loss/worst_pixels.wgsl`.

use std::cmp::Ordering;

use super::Real;

/// Weight (N, H, W): 1 for the pixels of each image whose values are largest, 0 for the others, and the same fraction for
/// all that have the least value kept. `per_mille` of the pixels that count are kept, at least one, rounded down. `values`
/// (N, H, W, 2): the value, and 1 where the pixel counts; `pixels` = H·W.
pub fn worst_pixels<T: Real>(weight: &mut [T], values: &[T], pixels: usize, per_mille: usize) {
    weight.fill(T::zero());
    for (weight, values) in weight.chunks_mut(pixels).zip(values.chunks(2 * pixels)) {
        let counts = |x: usize| values[2 * x + 1] > T::zero();
        let value = |x: usize| values[2 * x].max(T::zero());
        let mut order: Vec<T> = (0..pixels).filter(|x| counts(*x)).map(value).collect();
        if order.is_empty() {
            continue;
        }
        let kept = (order.len() * per_mille / 1000).max(1);
        let descending = |a: &T, b: &T| b.partial_cmp(a).unwrap_or(Ordering::Equal);
        let (_, least, _) = order.select_nth_unstable_by(kept - 1, descending);
        let least = *least;
        let number = |holds: &dyn Fn(T) -> bool| {
            T::of((0..pixels).filter(|x| counts(*x) && holds(value(*x))).count() as f64)
        };
        let left = (T::of(kept as f64) - number(&|value| value > least)) / number(&|value| value == least);
        for x in (0..pixels).filter(|x| counts(*x)) {
            if value(x) > least {
                weight[x] = T::one();
            } else if value(x) == least {
                weight[x] = left;
            }
        }
    }
}
