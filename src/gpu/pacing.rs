//! In how many submissions a recording is sent, so that none of them keeps the adapter for long.
//!
//! A driver's watchdog kills what runs for seconds, and a page cannot paint meanwhile.

use std::ops::Range;

/// The longest that one submission should take.
pub(super) const LIMIT_MS: f64 = 300.0;

/// What an adapter is taken for until it has been measured: a processor's share that a page may have, 1 GFLOP/s.
const UNKNOWN_MS_PER_COST: f64 = 1e-6;

/// Multiply-adds and additions that an adapter does while it moves a byte: 4 to 10, whether it is a processor
/// (4 GFLOP/s, 0.8 GB/s) or a card (10 TFLOP/s, 1 TB/s).
const COST_PER_BYTE: f64 = 8.0;

/// Measured replays that the next one is judged by.
const REMEMBERED: usize = 5;

/// What a dispatch is taken to cost, in floating-point operations.
pub(super) fn cost(flops: u64, bytes: u64) -> f64 {
    flops as f64 + COST_PER_BYTE * bytes as f64
}

/// How long the last replays of one recording took.
#[derive(Debug, Default)]
pub(super) struct Pacing {
    recent_ms: Vec<f64>,
}

impl Pacing {
    pub(super) fn note(&mut self, ms: f64) {
        if self.recent_ms.len() == REMEMBERED {
            self.recent_ms.remove(0);
        }
        self.recent_ms.push(ms);
    }

    /// The lower median, because what disturbs a measurement (compilation, another tab) makes it longer.
    pub(super) fn expected_ms(&self) -> Option<f64> {
        let mut sorted = self.recent_ms.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len().saturating_sub(1) / 2).copied()
    }
}

/// How fast the adapter is, for recordings that have not been replayed yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Speed {
    /// Cost and milliseconds of a replay.
    measured: Option<(f64, f64)>,
}

impl Speed {
    /// Long replays say most: short ones are mostly overhead.
    pub(super) fn note(&mut self, cost: f64, ms: f64) {
        if self.measured.is_none_or(|(best, _)| cost >= 0.5 * best) {
            self.measured = Some((cost, ms));
        }
    }

    pub(super) fn expected_ms(&self, cost: f64) -> f64 {
        match self.measured {
            Some((measured, ms)) if measured > 0.0 => cost * ms / measured,
            _ => cost * UNKNOWN_MS_PER_COST,
        }
    }
}

/// Cuts costs into as few portions of at most `limit` each as can be, as even as can be. A cost above the limit is
/// a portion of its own.
pub(super) fn portions(costs: &[f64], limit: f64) -> Vec<Range<usize>> {
    let total: f64 = costs.iter().sum();
    if !(total > limit) {
        return std::iter::once(0..costs.len()).collect();
    }
    let fewest = filled(costs, limit).len();
    let (mut low, mut high) = (total / fewest as f64, limit);
    // Each turn halves the interval; ten leave a thousandth of the limit.
    for _ in 0..10 {
        let middle = f64::midpoint(low, high);
        if filled(costs, middle).len() <= fewest {
            high = middle;
        } else {
            low = middle;
        }
    }
    filled(costs, high)
}

/// Portions filled one after the other up to `limit`.
fn filled(costs: &[f64], limit: f64) -> Vec<Range<usize>> {
    let mut portions = Vec::new();
    let (mut start, mut sum) = (0, 0.0);
    for (i, cost) in costs.iter().enumerate() {
        if i > start && sum + cost > limit {
            portions.push(start..i);
            (start, sum) = (i, 0.0);
        }
        sum += cost;
    }
    portions.push(start..costs.len());
    portions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_one_portion() {
        let ends = |costs: &[f64], limit| {
            let ends = portions(costs, limit).into_iter().map(|range| range.end);
            ends.collect::<Vec<_>>()
        };
        assert_eq!(ends(&[], 10.0), [0]);
        assert_eq!(ends(&[1.0, 2.0, 7.0], 10.0), [3]);
        assert_eq!(ends(&[100.0; 4], f64::INFINITY), [4]);
    }

    #[test]
    fn portions_are_few_even_and_within_the_limit() {
        let costs: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 11)).collect();
        for limit in [11.0, 30.0, 97.0, 400.0] {
            let portions = portions(&costs, limit);
            let sums: Vec<f64> = portions
                .iter()
                .map(|range| costs[range.clone()].iter().sum())
                .collect();
            let total: f64 = costs.iter().sum();
            assert!(sums.iter().all(|sum| *sum <= limit), "{sums:?}");
            assert!(
                portions.len() as f64 <= (total / (limit - 10.0)).ceil(),
                "{portions:?}"
            );
            let even = total / portions.len() as f64;
            // The last portion takes what is left; the others differ by one dispatch at most.
            let (_, but_last) = sums.split_last().unwrap();
            assert!(but_last.iter().all(|sum| (sum - even).abs() <= 10.0), "{sums:?}");
            let joined: Vec<usize> = portions.into_iter().flatten().collect();
            assert_eq!(joined, (0..costs.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_dispatch_above_the_limit_stands_alone() {
        assert_eq!(portions(&[1.0, 50.0, 1.0, 1.0], 10.0), [0..1, 1..2, 2..4]);
    }

    #[test]
    fn one_slow_replay_does_not_count() {
        let mut pacing = Pacing::default();
        assert_eq!(pacing.expected_ms(), None);
        pacing.note(5000.0);
        assert_eq!(pacing.expected_ms(), Some(5000.0));
        pacing.note(20.0);
        assert_eq!(pacing.expected_ms(), Some(20.0));
        for ms in [21.0, 22.0, 23.0, 24.0] {
            pacing.note(ms);
        }
        assert_eq!(pacing.expected_ms(), Some(22.0));
        assert_eq!(pacing.recent_ms.len(), REMEMBERED);
    }

    #[test]
    fn an_unknown_adapter_is_taken_for_slow_until_a_long_replay() {
        let mut speed = Speed::default();
        assert!((speed.expected_ms(1e9) - 1000.0).abs() < 1e-9);
        speed.note(1e6, 2.0);
        speed.note(1e12, 100.0);
        speed.note(1e6, 2.0);
        assert!((speed.expected_ms(2e12) - 200.0).abs() < 1e-9);
    }
}
