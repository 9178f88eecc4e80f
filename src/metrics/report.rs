//! All classes of a prediction, and what they amount to.

use super::{Comparison, Metric, Presence, SurfaceKind, mean};

/// The scores of one class, or their means.
pub type Scores = [Option<f64>; Metric::COUNT];

/// Means over the foreground classes that are not absent, and how many are left out or missed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub means: Scores,
    /// Foreground classes that enter the means, the missed ones among them.
    pub scored: usize,
    /// Neither predicted nor in the reference: in no mean.
    pub absent: usize,
    /// Only predicted, or only in the reference: the worst score in every mean.
    pub missed: usize,
}

impl Comparison {
    /// Every score, in the order of [`Metric::ALL`].
    #[must_use]
    pub fn scores(&self, kind: SurfaceKind, tolerance_mm: f64) -> Scores {
        Metric::ALL.map(|metric| self.score(metric, kind, tolerance_mm))
    }
}

impl Summary {
    /// Of a report with one comparison for each class, the background first (and left out).
    #[must_use]
    pub fn of(classes: &[Comparison], kind: SurfaceKind, tolerance_mm: f64) -> Self {
        let foreground = classes.get(1..).unwrap_or_default();
        let count = |presence| {
            foreground
                .iter()
                .filter(|class| class.presence() == presence)
                .count()
        };
        let (absent, missed) = (count(Presence::Absent), count(Presence::Missed));
        Self {
            means: Metric::ALL.map(|metric| {
                mean(
                    foreground
                        .iter()
                        .map(|class| class.score(metric, kind, tolerance_mm)),
                )
            }),
            scored: foreground.len() - absent,
            absent,
            missed,
        }
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
        let classes: Vec<_> = (0..4)
            .map(|class| Comparison::new(&predicted, &reference, class, field))
            .collect();
        let summary = Summary::of(&classes, SurfaceKind::EdgePixels, 1.0);
        assert_eq!([summary.scored, summary.absent, summary.missed], [2, 1, 1]);
        assert_eq!(summary.means[Metric::Dice as usize], Some(0.5));
        assert_eq!(summary.means[Metric::SurfaceDice as usize], Some(0.5));
        assert_eq!(summary.means[Metric::Hausdorff as usize], Some(2.5));
    }
}
