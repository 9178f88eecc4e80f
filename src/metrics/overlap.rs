//! Scores of counted pixels: Dice, IoU, precision, recall.

use serde::{Deserialize, Serialize};

use super::rule::{Outcome, Presence, mean};

/// Pixel counts of one class: predicted, in the reference, in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    pub predicted: u64,
    pub reference: u64,
    pub both: u64,
}

impl Overlap {
    /// Counts a class in two label maps of the same shape.
    #[must_use]
    pub fn count<L: Copy + PartialEq>(predicted: &[L], reference: &[L], class: L) -> Self {
        let mut overlap = Self::default();
        for (predicted, reference) in predicted.iter().zip(reference) {
            let (predicted, reference) = (*predicted == class, *reference == class);
            overlap.predicted += u64::from(predicted);
            overlap.reference += u64::from(reference);
            overlap.both += u64::from(predicted && reference);
        }
        overlap
    }

    #[must_use]
    pub fn presence(&self) -> Presence {
        Presence::of(self.predicted, self.reference)
    }

    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match (self.presence(), self.dice()) {
            (Presence::Both, Some(dice)) => Outcome::Dice(dice),
            (Presence::Missed, _) => Outcome::Missed,
            _ => Outcome::Absent,
        }
    }

    /// `2 · both / (predicted + reference)` (Dice 1945).
    #[must_use]
    pub fn dice(&self) -> Option<f64> {
        self.score(2 * self.both, self.predicted + self.reference)
    }

    /// Intersection over union, `both / (predicted + reference − both)` (Jaccard 1912).
    #[must_use]
    pub fn iou(&self) -> Option<f64> {
        self.score(self.both, self.predicted + self.reference - self.both)
    }

    /// `both / predicted`: the share of the prediction that is right.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        self.score(self.both, self.predicted)
    }

    /// `both / reference`: the share of the reference that was found; also called sensitivity.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        self.score(self.both, self.reference)
    }

    fn score(&self, part: u64, whole: u64) -> Option<f64> {
        self.presence().score(|| part as f64 / whole as f64)
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
///
/// ```
/// use contour_lab::metrics::{Overlap, mean_dice};
///
/// let (predicted, reference) = ([0, 1, 1, 2], [0, 1, 2, 2]);
/// let classes = [0, 1, 2, 3].map(|class| Overlap::count(&predicted, &reference, class));
/// // Class 1 and class 2 have 2 · 1 / 3 each. Class 3 is absent from both and does not count.
/// assert_eq!(mean_dice(&classes), Some(2.0 / 3.0));
/// ```
#[must_use]
pub fn mean_dice(classes: &[Overlap]) -> Option<f64> {
    mean(classes.iter().skip(1).map(Overlap::dice))
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
        // Predicted in the wrong place is wrong, but it is not missing: its distances can be measured.
        assert_eq!(overlap(4, 6, 0).outcome(), Outcome::Dice(0.0));
    }

    #[test]
    fn every_score_has_its_own_denominator() {
        let some = overlap(4, 8, 3);
        assert_eq!(some.dice(), Some(0.5));
        assert_eq!(some.iou(), Some(3.0 / 9.0));
        assert_eq!(some.precision(), Some(0.75));
        assert_eq!(some.recall(), Some(0.375));
        for missed in [overlap(0, 5, 0), overlap(5, 0, 0)] {
            assert_eq!(missed.precision(), Some(0.0));
            assert_eq!(missed.recall(), Some(0.0));
        }
    }

    #[test]
    fn counting_sees_one_class_at_a_time() {
        let (predicted, reference) = ([0_u8, 1, 1, 2, 2], [1_u8, 1, 2, 2, 0]);
        assert_eq!(Overlap::count(&predicted, &reference, 1), overlap(2, 2, 1));
        assert_eq!(Overlap::count(&predicted, &reference, 2), overlap(2, 2, 1));
        assert_eq!(Overlap::count(&predicted, &reference, 3), overlap(0, 0, 0));
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
