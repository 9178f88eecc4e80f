//! The empty-class rule, in one place: what a score is where a class is missing on one side or on both.

use serde::{Deserialize, Serialize};

/// The rule as it stands beside the numbers.
pub const RULE: &str = "A class that is neither predicted nor in the reference is absent: it has no score and is left out of \
     every mean. A class that only one of the two has is missed: its Dice, IoU, precision, recall and surface Dice are 0, \
     its distances are the diagonal of the field of view, and all of them enter the means. No score is dropped.";

/// Which of the two masks of a class hold anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presence {
    /// Neither.
    Absent,
    /// Exactly one of the two.
    Missed,
    Both,
}

impl Presence {
    /// From the sizes of the two masks.
    #[must_use]
    pub fn of(predicted: u64, reference: u64) -> Self {
        match (predicted, reference) {
            (0, 0) => Self::Absent,
            (0, _) | (_, 0) => Self::Missed,
            _ => Self::Both,
        }
    }

    /// A score that is 1 for agreement and 0 for none; `None` stays out of every mean.
    #[must_use]
    pub fn score(self, score: impl FnOnce() -> f64) -> Option<f64> {
        match self {
            Self::Absent => None,
            Self::Missed => Some(0.0),
            Self::Both => Some(score()),
        }
    }

    /// A distance that is 0 for agreement; `worst` is the diagonal of the field of view, in the same unit.
    #[must_use]
    pub fn distance(self, worst: f64, distance: impl FnOnce() -> f64) -> Option<f64> {
        match self {
            Self::Absent => None,
            Self::Missed => Some(worst),
            Self::Both => Some(distance()),
        }
    }
}

/// A class's Dice under the rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Neither predicted nor in the reference: excluded from every mean.
    Absent,
    /// Only predicted, or only in the reference: Dice 0, counted in the mean.
    Missed,
    /// `2 · both / (predicted + reference)`.
    Dice(f64),
}

impl Outcome {
    /// The Dice that enters a mean; `None` for an absent class.
    #[must_use]
    pub fn dice(self) -> Option<f64> {
        match self {
            Self::Absent => None,
            Self::Missed => Some(0.0),
            Self::Dice(dice) => Some(dice),
        }
    }
}

/// The mean of the scores that are there; `None` if there are none.
#[must_use]
pub fn mean(scores: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    let there: Vec<f64> = scores.into_iter().flatten().collect();
    if there.is_empty() {
        None
    } else {
        Some(there.iter().sum::<f64>() / there.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_on_one_side_is_the_worst_and_masks_on_none_are_nothing() {
        let of = |predicted, reference| {
            let presence = Presence::of(predicted, reference);
            (presence.score(|| 0.5), presence.distance(90.0, || 2.0))
        };
        assert_eq!(of(0, 0), (None, None));
        assert_eq!(of(3, 0), (Some(0.0), Some(90.0)));
        assert_eq!(of(0, 3), (Some(0.0), Some(90.0)));
        assert_eq!(of(3, 3), (Some(0.5), Some(2.0)));
    }

    #[test]
    fn a_mean_is_over_what_is_there() {
        assert_eq!(mean([Some(1.0), None, Some(0.0)]), Some(0.5));
        assert_eq!(mean([None, None]), None);
    }
}
