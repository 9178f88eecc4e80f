//! How often which values occur.

/// Counts of values in equal bins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// The lower edge of the first bin and the upper edge of the last.
    pub ends: [f32; 2],
    pub counts: Vec<usize>,
}

impl Histogram {
    /// Of the finite values, from the lowest to the highest.
    #[must_use]
    pub fn of(values: &[f32], bins: usize) -> Self {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let ends = [
            finite().fold(f32::MAX, f32::min),
            finite().fold(f32::MIN, f32::max),
        ];
        let [low, high] = ends;
        if bins == 0 || !(low <= high) {
            return Self::default();
        }
        let mut counts = vec![0; bins];
        let scale = if low < high {
            bins as f32 / (high - low)
        } else {
            0.0
        };
        for value in finite() {
            counts[(((value - low) * scale) as usize).min(bins - 1)] += 1;
        }
        Self { ends, counts }
    }

    /// Where a value lies between the ends, from 0 to 1.
    #[must_use]
    pub fn place(&self, value: f32) -> f32 {
        let [low, high] = self.ends;
        if low < high {
            ((value - low) / (high - low)).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// Height of each bin from 0 to 1, by the logarithm of one more than its count: empty bins have none.
    #[must_use]
    pub fn heights(&self) -> Vec<f32> {
        let log = |count: &usize| (*count as f32 + 1.0).ln();
        let most = self.counts.iter().map(log).fold(1e-6, f32::max);
        self.counts.iter().map(|count| log(count) / most).collect()
    }
}

/// Shares of the finite values that lie below and above two cuts.
#[must_use]
pub fn clipped(values: &[f32], [low, high]: [f32; 2]) -> [f64; 2] {
    let (mut all, mut below, mut above) = (0_usize, 0, 0);
    for value in values.iter().filter(|value| value.is_finite()) {
        all += 1;
        below += usize::from(*value < low);
        above += usize::from(*value > high);
    }
    [below, above].map(|count| f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / (all.max(1)) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finite_value_is_counted_once() {
        let values = [0.0, 1.0, 1.5, 9.99, 10.0, f32::NAN, f32::INFINITY];
        let histogram = Histogram::of(&values, 10);
        assert_eq!(histogram.ends, [0.0, 10.0]);
        assert_eq!(histogram.counts, [1, 2, 0, 0, 0, 0, 0, 0, 0, 2]);
        assert!((histogram.place(2.5) - 0.25).abs() <= f32::EPSILON);
        assert_eq!(histogram.heights()[3], 0.0);
        assert_eq!(histogram.heights()[1], 1.0);
    }

    #[test]
    fn a_flat_or_an_empty_image_has_a_histogram_too() {
        assert_eq!(Histogram::of(&[4.0; 3], 2).counts, [3, 0]);
        assert_eq!(Histogram::of(&[f32::NAN], 2), Histogram::default());
    }

    #[test]
    fn what_is_clipped_is_counted_on_either_side() {
        assert_eq!(clipped(&[1.0, 2.0, 3.0, 4.0, f32::NAN], [2.0, 3.0]), [0.25, 0.25]);
        assert_eq!(clipped(&[], [0.0, 1.0]), [0.0, 0.0]);
    }
}
