//! How fast it goes.

/// Steps over which the pace is taken.
const WINDOW: usize = 20;
/// Fewer steps say nothing: the first ones compile the kernels.
const FEWEST: usize = 4;

/// When the last steps arrived, since the run was last started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    arrivals_ms: Vec<f64>,
}

impl Pace {
    pub fn restart(&mut self) {
        self.arrivals_ms.clear();
    }

    pub fn add(&mut self, now_ms: f64) {
        if self.arrivals_ms.len() > WINDOW {
            self.arrivals_ms.remove(0);
        }
        self.arrivals_ms.push(now_ms);
    }

    /// `None` until it is measured.
    pub fn steps_per_second(&self) -> Option<f64> {
        let (first, last) = (self.arrivals_ms.first()?, self.arrivals_ms.last()?);
        let steps = self.arrivals_ms.len() - 1;
        (steps >= FEWEST && last > first).then(|| steps as f64 / (last - first) * 1000.0)
    }

    /// Seconds that `steps` more will take.
    pub fn seconds_for(&self, steps: u64) -> Option<f64> {
        Some(steps as f64 / self.steps_per_second()?)
    }
}
