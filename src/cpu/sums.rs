//! Sums that the compiler turns into vectors.

/// Numbers side by side: as many as the widest vectors hold, twice.
const LANES: usize = 32;
/// Rounds after which the lanes are added up: rounding errors grow with the number of summands.
const ROUNDS: usize = 64;

/// Σ `of(i)` for `i` below `count`. Call it inside of [`vectorised`](super::vectorised).
#[inline(always)]
pub(super) fn sum(count: usize, of: impl Fn(usize) -> f32) -> f32 {
    let mut total = 0.0_f64;
    let mut first = 0;
    while first + LANES <= count {
        let rounds = ((count - first) / LANES).min(ROUNDS);
        let mut lanes = [0.0_f32; LANES];
        for round in 0..rounds {
            for (lane, sum) in lanes.iter_mut().enumerate() {
                *sum += of(first + round * LANES + lane);
            }
        }
        total += f64::from(lanes.iter().sum::<f32>());
        first += rounds * LANES;
    }
    for i in first..count {
        total += f64::from(of(i));
    }
    total as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_added_once() {
        for count in [0, 1, 31, 32, 33, 2048, 2079, 5000] {
            let expected = count * (count + 1) / 2;
            // Each number and each sum of some is a whole number below 2²⁴.
            let got = sum(count, |i| (i + 1) as f32);
            assert!((got - expected as f32).abs() <= 0.0, "{count}: {got}");
        }
    }

    #[test]
    fn a_million_numbers_keep_their_digits() {
        let got = sum(1_000_000, |i| 0.1 + (i % 7) as f32 * 0.01);
        let expected: f64 = (0..1_000_000)
            .map(|i| f64::from(0.1 + (i % 7) as f32 * 0.01))
            .sum();
        // Blocks of 64 numbers in f32, added up in f64.
        assert!(
            (f64::from(got) - expected).abs() <= 1e-6 * expected,
            "{got} {expected}"
        );
    }
}
