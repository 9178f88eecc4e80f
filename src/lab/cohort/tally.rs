//! How many slices and subjects train and validate: counted here, and nowhere else.

use super::{Cohort, Decisions};
use crate::train::{Part, SplitOfSubject};

/// Slices, and the subjects that they are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub slices: usize,
    pub subjects: usize,
}

/// Of all subjects together. Of one that is divided by slab, slices count on both sides, and so does the subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub train: Count,
    pub validation: Count,
    /// Subjects.
    pub all: usize,
    /// Subjects that are left out.
    pub unused: usize,
}

impl Count {
    fn add(&mut self, slices: usize) {
        self.slices += slices;
        self.subjects += usize::from(slices > 0);
    }
}

impl Tally {
    fn add(&mut self, part: Part, SplitOfSubject(split): &SplitOfSubject) {
        self.all += 1;
        self.unused += usize::from(part == Part::Unused);
        self.train.add(split.train.len());
        self.validation.add(split.validation.len());
    }

    /// Such as "418 train, 138 validate"; of several subjects, with how many there are of each.
    #[must_use]
    pub fn said(&self) -> String {
        let of = |count: &Count| {
            if self.all > 1 {
                format!("{} of {}", count.slices, subjects(count.subjects))
            } else {
                count.slices.to_string()
            }
        };
        format!("{} train, {} validate", of(&self.train), of(&self.validation))
    }
}

fn subjects(count: usize) -> String {
    format!("{count} subject{}", if count == 1 { "" } else { "s" })
}

impl Cohort {
    /// How many slices and subjects train and validate.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (subject, part) in self.parts.iter().enumerate() {
            tally.add(*part, &self.split_of(subject));
        }
        tally
    }
}

impl Decisions {
    /// The same of a run.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for subject in &self.subjects {
            tally.add(subject.part, &subject.slices);
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::three;
    use super::*;
    use crate::train::SplitBy;

    #[test]
    fn all_subjects_are_counted_however_they_are_divided() {
        let mut cohort = three();
        let tally = cohort.tally();
        let [train, validation] = [tally.train, tally.validation];
        assert_eq!((train.slices, train.subjects), (7, 2));
        assert_eq!((validation.slices, validation.subjects), (2, 1));
        assert_eq!(tally.said(), "7 of 2 subjects train, 2 of 1 subject validate");
        for by in [SplitBy::Subject, SplitBy::Slab, SplitBy::Scattered] {
            cohort.by = by;
            for part in [Part::Validation, Part::Unused, Part::Train] {
                cohort.parts[1] = part;
                let (tally, split) = (cohort.tally(), cohort.split());
                let counted = [tally.train.slices, tally.validation.slices];
                assert_eq!(
                    counted,
                    [split.train.len(), split.validation.len()],
                    "{by:?} {part:?}"
                );
                assert_eq!(tally, cohort.decisions([64, 64]).tally());
                assert_eq!(tally.unused, usize::from(part == Part::Unused));
            }
        }
        let mut alone = cohort;
        alone.subjects.truncate(1);
        alone.parts.truncate(1);
        assert!(
            !alone.tally().said().contains("subject"),
            "{}",
            alone.tally().said()
        );
    }
}
