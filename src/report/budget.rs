//! How many steps fit the time.

use super::job::Clock;

/// So many steps say how long one takes,
pub(super) const ENOUGH_STEPS: usize = 20;
/// in so many milliseconds at least, which a clock that speeds up needs,
const ENOUGH_MS: f64 = 2000.0;
/// and more than these say no more.
const MOST_STEPS: usize = 500;
/// Fewer say nothing.
const FEWEST_STEPS: usize = 3;
/// Of a part's time that its steps may take.
const SHARE: f64 = 0.4;
/// What finding the time by node takes, in steps: three rounds, each dispatch by itself.
pub(super) const PROFILE_STEPS: f64 = 6.0;
/// What opening a workload takes, in steps: each shape is run by several variants, several times.
const OPENING_STEPS: f64 = 8.0;

/// Milliseconds of the steps that count.
#[derive(Default)]
pub(super) struct Steps(Vec<f64>);

impl Steps {
    pub(super) fn push(&mut self, ms: f64) {
        self.0.push(ms);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Of none: zeros.
    pub(super) fn median_min_max(&self) -> [f64; 3] {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        match sorted.as_slice() {
            [] => [0.0; 3],
            [min, ..] => [sorted[sorted.len() / 2], *min, sorted[sorted.len() - 1]],
        }
    }
}

/// How fast steps are, and the time for them.
pub(super) struct Tempo {
    clock: Clock,
    last_ms: f64,
}

impl Tempo {
    pub(super) fn new(clock: Clock, first_ms: f64) -> Self {
        Self {
            clock,
            last_ms: first_ms,
        }
    }

    pub(super) fn note(&mut self, ms: f64) {
        self.last_ms = ms;
    }

    /// Of a step.
    pub(super) fn ms(&self) -> f64 {
        self.last_ms
    }

    /// Steps that need not count: none where they are slow.
    pub(super) fn warm_up(&self, most: usize) -> usize {
        let fit = 0.1 * self.clock.left() * 1e3 / self.last_ms;
        (fit as usize).min(most)
    }

    pub(super) fn wants_more(&self, steps: &Steps) -> bool {
        let taken_ms: f64 = steps.0.iter().sum();
        wants_more(steps.len(), taken_ms, self.last_ms, self.clock.left() * 1e3)
    }
}

fn wants_more(steps: usize, taken_ms: f64, each_ms: f64, left_ms: f64) -> bool {
    if steps < FEWEST_STEPS {
        return steps == 0 || each_ms < left_ms;
    }
    if steps >= MOST_STEPS || (steps >= ENOUGH_STEPS && taken_ms >= ENOUGH_MS) {
        return false;
    }
    taken_ms + each_ms < SHARE * (taken_ms + left_ms)
}

/// Seconds that a workload of so many operations will take with the fewest steps, where an adapter does `rate` a second.
pub(super) fn least_seconds(flops: u64, rate: f64) -> f64 {
    (OPENING_STEPS + 2.0 + FEWEST_STEPS as f64) * flops as f64 / rate
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps and seconds of an adapter on which each takes `each_ms`.
    fn taken(each_ms: f64, seconds: f64) -> (usize, f64) {
        let (mut steps, mut ms) = (0, 0.0);
        while wants_more(steps, ms, each_ms, 1e3 * seconds - ms) {
            steps += 1;
            ms += each_ms;
        }
        (steps, ms / 1e3)
    }

    #[test]
    fn a_fast_adapter_takes_many_steps_and_a_slow_one_few() {
        assert_eq!(taken(1.0, 60.0).0, MOST_STEPS);
        assert_eq!(taken(10.0, 60.0), (200, 2.0));
        assert_eq!(taken(500.0, 60.0).0, ENOUGH_STEPS);
        let (steps, seconds) = taken(4000.0, 60.0);
        assert!(
            (FEWEST_STEPS..ENOUGH_STEPS).contains(&steps) && seconds <= 24.0,
            "{steps}"
        );
        assert_eq!(taken(100_000.0, 60.0).0, 1);
    }

    #[test]
    fn the_median_is_between() {
        let mut steps = Steps::default();
        assert_eq!(steps.median_min_max(), [0.0; 3]);
        for ms in [3.0, 9.0, 1.0] {
            steps.push(ms);
        }
        assert_eq!(steps.median_min_max(), [3.0, 1.0, 9.0]);
    }

    #[test]
    fn what_takes_longer_than_there_is_time_is_known_before() {
        // U-32-256 on a software adapter, and on a card.
        assert!(least_seconds(127_087_411_200, 6e9) > 150.0);
        assert!(least_seconds(127_087_411_200, 3e12) < 1.0);
    }
}
