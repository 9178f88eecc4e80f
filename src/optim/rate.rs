//! The learning rate over the steps of a run.

use serde::{Deserialize, Serialize};

use super::{Error, in_ranges};

/// How the rate falls after the warm-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Not at all.
    #[default]
    Constant,
    /// `(1 − t/T)^power`: nnU-Net's, with a power of 0.9.
    Poly,
    /// `floor + (1 − floor) · (1 + cos(π t/T)) / 2` (Loshchilov & Hutter 2017, one cycle).
    Cosine,
}

impl Shape {
    /// In the order of a menu.
    pub const ALL: [Self; 3] = [Self::Constant, Self::Poly, Self::Cosine];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "Constant",
            Self::Poly => "Poly",
            Self::Cosine => "Cosine",
        }
    }
}

/// A warm-up, and a shape for the rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateSchedule {
    pub shape: Shape,
    /// Steps over which the rate rises in equal parts to the optimiser's own.
    pub warmup_steps: u64,
    /// Of [`Shape::Poly`].
    pub power: f64,
    /// Of [`Shape::Cosine`]: where it ends, as a share of the optimiser's rate.
    pub floor: f64,
}

impl Default for RateSchedule {
    fn default() -> Self {
        Self {
            shape: Shape::default(),
            warmup_steps: 0,
            power: 0.9,
            floor: 0.0,
        }
    }
}

impl RateSchedule {
    /// # Errors
    /// When a setting is outside its range, NaN included.
    pub fn validate(&self) -> Result<(), Error> {
        in_ranges(&[
            (
                "the number of warm-up steps",
                self.warmup_steps as f64,
                0.0,
                100_000.0,
            ),
            ("the power of the schedule", self.power, 0.1, 10.0),
            ("the floor of the schedule", self.floor, 0.0, 1.0),
        ])
    }

    /// What the optimiser's learning rate is multiplied by at `step` (from 0) of `steps`: as PyTorch's `LinearLR` and
    /// then `PolynomialLR` or `CosineAnnealingLR` have it.
    #[must_use]
    pub fn factor(&self, step: u64, steps: u64) -> f64 {
        if step < self.warmup_steps {
            return (step + 1) as f64 / self.warmup_steps as f64;
        }
        let rest = steps.saturating_sub(self.warmup_steps).max(1) as f64;
        let done = ((step - self.warmup_steps) as f64 / rest).min(1.0);
        match self.shape {
            Shape::Constant => 1.0,
            Shape::Poly => (1.0 - done).powf(self.power),
            Shape::Cosine => {
                let half = f64::midpoint(1.0, (std::f64::consts::PI * done).cos());
                self.floor + (1.0 - self.floor) * half
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(shape: Shape, warmup_steps: u64) -> RateSchedule {
        RateSchedule {
            shape,
            warmup_steps,
            floor: 0.1,
            ..RateSchedule::default()
        }
    }

    #[test]
    fn the_default_leaves_the_rate_alone() {
        assert!((0..50).all(|step| RateSchedule::default().factor(step, 20) == 1.0));
    }

    #[test]
    fn a_warm_up_rises_in_equal_parts_to_the_whole_rate() {
        for shape in Shape::ALL {
            let factors: Vec<f64> = (0..5).map(|step| schedule(shape, 4).factor(step, 20)).collect();
            assert_eq!(factors, [0.25, 0.5, 0.75, 1.0, 1.0], "{shape:?}");
        }
    }

    #[test]
    fn after_it_the_rate_falls_to_its_end() {
        for (shape, end) in [(Shape::Poly, 0.0), (Shape::Cosine, 0.1)] {
            let schedule = schedule(shape, 4);
            let factors: Vec<f64> = (4..=20).map(|step| schedule.factor(step, 20)).collect();
            assert!(factors.windows(2).all(|pair| pair[1] < pair[0]), "{factors:?}");
            // The cosine of π rounds to −1 but for 1e-16.
            assert!((factors[16] - end).abs() <= 1e-15, "{factors:?}");
            assert!(schedule.factor(500, 20) >= 0.0);
        }
    }

    #[test]
    fn a_warm_up_longer_than_the_run_never_ends() {
        let schedule = schedule(Shape::Cosine, 100);
        assert_eq!(schedule.factor(9, 10), 0.1);
        assert!(schedule.factor(100, 10).is_finite());
    }
}
