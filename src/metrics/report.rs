//! The scores of every class, and what they amount to.

use super::{Comparison, Metric, Presence, SurfaceKind, mean};

/// All scores of one class under the empty-class rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    pub presence: Presence,
    values: [Option<f64>; Metric::COUNT],
}

impl Scores {
    /// `None` where the class is absent.
    #[must_use]
    pub fn get(&self, metric: Metric) -> Option<f64> {
        self.values[metric as usize]
    }
}

impl Comparison {
    /// Every score; the tolerance and the kind of surface are those of the surface Dice.
    #[must_use]
    pub fn scores(&self, kind: SurfaceKind, tolerance_mm: f64) -> Scores {
        Scores {
            presence: self.presence(),
            values: Metric::ALL.map(|metric| self.score(metric, kind, tolerance_mm)),
        }
    }
}

/// Means over the foreground classes that are not absent, and how many are left out or missed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    means: [Option<f64>; Metric::COUNT],
    /// Foreground classes that enter the means, the missed ones among them.
    pub scored: usize,
    /// Neither predicted nor in the reference: in no mean.
    pub absent: usize,
    /// Only predicted, or only in the reference: the worst score in every mean.
    pub missed: usize,
}

impl Summary {
    /// Of the scores of each foreground class.
    #[must_use]
    pub fn of(foreground: &[Scores]) -> Self {
        let count = |presence| {
            foreground
                .iter()
                .filter(|class| class.presence == presence)
                .count()
        };
        let absent = count(Presence::Absent);
        Self {
            means: Metric::ALL.map(|metric| mean(foreground.iter().map(|class| class.get(metric)))),
            scored: foreground.len() - absent,
            absent,
            missed: count(Presence::Missed),
        }
    }

    /// `None` where all classes are absent.
    #[must_use]
    pub fn mean(&self, metric: Metric) -> Option<f64> {
        self.means[metric as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Field;

    #[test]
    fn means_take_the_missed_and_leave_the_absent() {
        let field = Field::slice([3, 4], [1.0, 1.0]);
        let reference = [0_u8, 1, 1, 2, 0, 1, 1, 2, 0, 0, 0, 0];
        let predicted = [0_u8, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
        let of = |class| {
            Comparison::new(&predicted, &reference, class, field).scores(SurfaceKind::EdgePixels, 1.0)
        };
        let summary = Summary::of(&[of(1), of(2), of(3)]);
        assert_eq!([summary.scored, summary.absent, summary.missed], [2, 1, 1]);
        assert_eq!(summary.mean(Metric::Dice), Some(0.5));
        assert_eq!(summary.mean(Metric::SurfaceDice), Some(0.5));
        assert_eq!(summary.mean(Metric::Hausdorff), Some(2.5));
        assert_eq!(Summary::of(&[of(3)]).mean(Metric::Dice), None);
    }
}
