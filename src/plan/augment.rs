//! How slices are changed at random, and which of them are drawn.

use super::words::{counted, percent, times};
use super::{Class, Fingerprint};
use crate::train::Augmentation;

/// A class with fewer pixels than this comes up too seldom if slices come in turn.
const RARE: f64 = 1e-3;
/// Of a batch where there is such a class.
const BY_CLASS: f64 = 1.0;

/// Slices that are seen fewer times than this are not changed. Measured on the opening sample (`docs/recipes.md`): a shorter run
/// finds organs sooner if they stay as they are, a longer one begins to know its slices by heart.
const SEEN: f64 = 40.0;

/// Where slices may move.
const MOVED: Augmentation = Augmentation {
    flips: false,
    rotation_degrees: 15.0,
    scale: 0.15,
    shift: 0.08,
    elastic_pixels: 0.0,
    gamma: 0.25,
    noise: 0.02,
    by_class: 0.0,
};
/// Where they have to stay.
const STILL: Augmentation = Augmentation {
    rotation_degrees: 0.0,
    scale: 0.0,
    shift: 0.0,
    ..MOVED
};
/// Where they are seen too seldom to be known by heart.
const UNCHANGED: Augmentation = Augmentation {
    gamma: 0.0,
    noise: 0.0,
    ..STILL
};

/// What is done to a slice of a run that draws so many, and why; `must_stay` where the loss or the contour lets none move.
pub(super) fn changes(facts: &Fingerprint, must_stay: bool, drawn: u64) -> (Augmentation, String) {
    let count = facts.tally.train.slices;
    let slices = counted(count, "training slice");
    let seen = drawn as f64 / count.max(1) as f64;
    if seen < SEEN {
        let reason = format!(
            "{slices}, seen about {} each, are not learnt by heart: nothing is changed, so that a short run finds more.",
            times(seen.round().max(1.0) as usize),
        );
        return (UNCHANGED, reason);
    }
    if must_stay {
        let reason = format!(
            "The weight map or the contour is worked out of whole slices before the run, so that the {slices} stay where they are: only brightness \
             and noise change."
        );
        return (STILL, reason);
    }
    let Augmentation {
        rotation_degrees,
        scale,
        shift,
        ..
    } = MOVED;
    let reason = format!(
        "{slices}, turned by up to {rotation_degrees}°, scaled by {} and shifted by {}, never look the same twice; no flips, since left \
         and right differ in a body.",
        percent(scale),
        percent(shift),
    );
    (MOVED, reason)
}

/// The share of a batch of so many slices that is drawn by class, and why.
pub(super) fn drawn(facts: &Fingerprint, batch: usize) -> (f64, String) {
    let Some(Class { name, share }) = facts.rarest() else {
        return (
            0.0,
            "No training slice shows a class: slices come in turn.".into(),
        );
    };
    let percent = percent(*share);
    if *share >= RARE {
        let reason = format!("{name}, the smallest class, has {percent} of the pixels: slices come in turn.");
        return (0.0, reason);
    }
    let drawn = Augmentation {
        by_class: BY_CLASS,
        ..MOVED
    };
    let which = match drawn.drawn_by_class(batch) {
        all if all == batch => "each slice".to_owned(),
        some => format!("{some} of {}", counted(batch, "slice")),
    };
    let reason = format!(
        "{name} has {percent} of the pixels: for {which} of a batch a class is drawn first, so that small ones come up."
    );
    (BY_CLASS, reason)
}

#[cfg(test)]
mod tests {
    use super::super::fingerprint::tests::abdomen;
    use super::*;
    use crate::lab::cohort::{Count, Tally};

    #[test]
    fn a_class_of_few_pixels_is_drawn_and_others_come_in_turn() {
        let mut facts = abdomen();
        let (share, reason) = drawn(&facts, 4);
        assert_eq!(share, 1.0);
        assert_eq!(
            reason,
            "adrenal gland right has 0.012 % of the pixels: for each slice of a batch a class is drawn first, so that small ones come up."
        );
        for (share, is_drawn) in [(0.000_99, true), (0.001, false), (0.2, false)] {
            facts.classes.truncate(2);
            facts.classes[1].share = share;
            let (by_class, reason) = drawn(&facts, 4);
            assert_eq!(by_class > 0.0, is_drawn, "{share}: {reason}");
        }
        facts.classes[1].share = 0.0;
        assert_eq!(drawn(&facts, 4).0, 0.0);
    }

    #[test]
    fn nothing_moves_where_nothing_may_and_a_short_run_changes_nothing() {
        // Of 66 training slices.
        let often = (SEEN * 66.0).ceil() as u64;
        let (moved, reason) = changes(&abdomen(), false, often);
        assert!(
            moved.moves() && reason.starts_with("66 training slices, turned by up to 15°"),
            "{reason}"
        );
        let (still, reason) = changes(&abdomen(), true, often);
        assert!(
            !still.moves() && still.gamma > 0.0 && still.noise > 0.0,
            "{reason}"
        );
        for must_stay in [false, true] {
            let (same, reason) = changes(&abdomen(), must_stay, often - 1);
            assert_eq!(same, Augmentation::default());
            assert!(
                reason.starts_with("66 training slices, seen about 40 times each"),
                "{reason}"
            );
        }
        let many = Fingerprint {
            tally: Tally {
                train: Count {
                    slices: 3000,
                    subjects: 40,
                },
                ..abdomen().tally
            },
            ..abdomen()
        };
        assert!(changes(&many, false, 8000).1.contains("about 3 times each"));
    }
}
