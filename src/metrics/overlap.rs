//! Dice per class, with the empty-class rule.

use serde::{Deserialize, Serialize};

/// Pixel counts of one class: predicted, in the reference, in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    pub predicted: u64,
    pub reference: u64,
    pub both: u64,
}

/// The empty-class rule, in one place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Neither predicted nor in the reference: excluded from every mean.
    Absent,
    /// Predicted or in the reference, never both: Dice 0, counted in the mean.
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

impl Overlap {
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match (self.predicted + self.reference, self.both) {
            (0, _) => Outcome::Absent,
            (_, 0) => Outcome::Missed,
            (sizes, both) => Outcome::Dice(2.0 * both as f64 / sizes as f64),
        }
    }

    /// Pools the pixels of another part of the same class.
    pub fn add(&mut self, other: &Self) {
        self.predicted += other.predicted;
        self.reference += other.reference;
        self.both += other.both;
    }
}

/// The mean over foreground classes (the first entry is the background) that are not absent; `None` if all
/// are.
#[must_use]
pub fn mean_dice(classes: &[Overlap]) -> Option<f64> {
    let dice: Vec<f64> = classes
        .iter()
        .skip(1)
        .filter_map(|class| class.outcome().dice())
        .collect();
    if dice.is_empty() {
        None
    } else {
        Some(dice.iter().sum::<f64>() / dice.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(predicted: u64, reference: u64, both: u64) -> Overlap {
        Overlap {
            predicted,
            reference,
            both,
        }
    }

    #[test]
    fn empty_classes_follow_the_rule() {
        assert_eq!(overlap(0, 0, 0).outcome(), Outcome::Absent);
        assert_eq!(overlap(0, 5, 0).outcome(), Outcome::Missed);
        assert_eq!(overlap(5, 0, 0).outcome(), Outcome::Missed);
        assert_eq!(overlap(4, 6, 3).outcome(), Outcome::Dice(0.6));
    }

    #[test]
    fn the_mean_leaves_out_background_and_absent_classes_but_no_miss() {
        let classes = [
            overlap(90, 90, 90),
            overlap(4, 6, 3),
            overlap(0, 0, 0),
            overlap(0, 9, 0),
        ];
        assert_eq!(mean_dice(&classes), Some(0.3));
        assert_eq!(mean_dice(&classes[..1]), None);
    }
}
