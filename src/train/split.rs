//! Which slices train and which validate.

use serde::{Deserialize, Serialize};

/// Slices between two validation slabs' neighbourhoods: one block has one slab in its middle.
const BLOCK: usize = 16;
/// Share of a block that validates.
const VALIDATION_SHARE: f64 = 0.2;
/// Slices left out on each side of a slab: neighbours look too much alike to be told apart as data.
pub const GAP: usize = 1;
/// Of scattered slices each so-manieth validates.
const SCATTER: usize = 5;

/// Slice numbers of a data set, or of one volume, ascending, without overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub train: Vec<u32>,
    pub validation: Vec<u32>,
}

/// The same for one subject, numbered within it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SplitOfSubject(pub Split);

impl SplitOfSubject {
    /// The same slices by their numbers in a data set in which the subject's first slice has the number `first`.
    #[must_use]
    pub fn in_dataset(&self, first: u32) -> Split {
        self.0.shifted(first)
    }
}

/// What a subject is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Train,
    Validation,
    Unused,
}

/// How slices are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SplitBy {
    /// All slices of a subject do the same.
    Subject,
    /// Within each subject, contiguous validation slabs with a gap on either side.
    Slab,
    /// Every fifth slice validates, whatever its neighbours do: it leaks.
    Scattered,
}

/// Slices that lie so near to each other see the same voxels, if so many neighbours on either side come along as channels.
#[must_use]
pub fn gap(context: usize) -> usize {
    GAP.max(2 * context)
}

impl Split {
    /// Contiguous validation slabs with a gap on each side, over the slices that show any class
    /// (`has_foreground`, one entry for each slice).
    #[must_use]
    pub fn slabs(has_foreground: &[bool]) -> Self {
        Self::slabs_apart(has_foreground, GAP)
    }

    /// As [`Split::slabs`], with a gap of so many slices.
    #[must_use]
    pub fn slabs_apart(has_foreground: &[bool], gap: usize) -> Self {
        let shown = numbers(has_foreground);
        let mut split = Self::default();
        for block in shown.chunks(shown.len().div_ceil(shown.len().div_ceil(BLOCK).max(1)).max(1)) {
            let slab = if block.len() < 4 {
                0
            } else {
                (VALIDATION_SHARE * block.len() as f64).round().max(1.0) as usize
            };
            let start = (block.len() - slab) / 2;
            split.validation.extend(&block[start..start + slab]);
        }
        split.train = shown;
        split.keep_apart(gap);
        split
    }

    /// The slices of one subject (`has_foreground`, one entry for each) as they are divided.
    #[must_use]
    pub fn of_subject(by: SplitBy, part: Part, has_foreground: &[bool], context: usize) -> Self {
        let shown = numbers(has_foreground);
        let mut split = Self::default();
        match (by, part) {
            (_, Part::Unused) => {}
            (SplitBy::Subject, Part::Train) => split.train = shown,
            (SplitBy::Subject, Part::Validation) => split.validation = shown,
            (SplitBy::Slab, _) => split = Self::slabs_apart(has_foreground, gap(context)),
            (SplitBy::Scattered, _) => {
                for (i, slice) in shown.into_iter().enumerate() {
                    if i % SCATTER == SCATTER / 2 {
                        split.validation.push(slice);
                    } else {
                        split.train.push(slice);
                    }
                }
            }
        }
        split
    }

    /// Takes training slices out until none is `gap` or fewer slices away from a validation slice.
    pub fn keep_apart(&mut self, gap: usize) {
        let validation = &self.validation;
        self.train.retain(|slice| {
            validation
                .iter()
                .all(|other| slice.abs_diff(*other) as usize > gap)
        });
    }

    /// The same slices, numbered from `first`.
    #[must_use]
    fn shifted(&self, first: u32) -> Self {
        let shift = |slices: &[u32]| slices.iter().map(|slice| slice + first).collect();
        Self {
            train: shift(&self.train),
            validation: shift(&self.validation),
        }
    }

    /// Takes in the slices of another subject.
    pub fn extend(&mut self, other: &Self) {
        self.train.extend(&other.train);
        self.validation.extend(&other.validation);
    }

    /// The validation slices in two halves, of which one chooses (weights, settings) and the other reports: the first, the third
    /// and so on report, the second, the fourth and so on choose.
    #[must_use]
    pub fn halved(&self) -> [Vec<u32>; 2] {
        [1, 0].map(|first| self.validation.iter().copied().skip(first).step_by(2).collect())
    }

    /// Validation slices with a training slice `gap` or fewer slices away; both of one subject.
    #[must_use]
    pub fn leaks(&self, gap: usize) -> Vec<u32> {
        let near = |slice: &&u32| {
            self.train
                .iter()
                .any(|other| slice.abs_diff(*other) as usize <= gap)
        };
        self.validation.iter().filter(near).copied().collect()
    }
}

/// Numbers of the slices that show any class.
fn numbers(has_foreground: &[bool]) -> Vec<u32> {
    (0..has_foreground.len())
        .filter(|slice| has_foreground[*slice])
        .map(|slice| slice as u32)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slabs_never_touch_training_slices() {
        for count in 0..90 {
            let shown: Vec<bool> = (0..count).map(|slice| slice % 23 != 7).collect();
            let split = Split::slabs(&shown);
            assert_eq!(split.leaks(GAP), [] as [u32; 0]);
            assert!(count < 5 || !split.validation.is_empty() && split.train.len() > split.validation.len());
            assert!(
                split
                    .train
                    .iter()
                    .chain(&split.validation)
                    .all(|slice| shown[*slice as usize])
            );
        }
    }

    #[test]
    fn every_other_validation_slice_chooses_and_no_slice_does_both() {
        let of = |validation: &[u32]| {
            let validation = validation.to_vec();
            let train = vec![];
            Split { train, validation }.halved()
        };
        assert_eq!(of(&[2, 13, 14, 15, 72]), [vec![13, 15], vec![2, 14, 72]]);
        assert_eq!(of(&[7]), [vec![], vec![7]]);
        assert_eq!(of(&[]).concat(), [0; 0]);
    }

    #[test]
    fn neighbours_as_channels_widen_the_gap() {
        let shown = [true; 64];
        for context in 0..4 {
            let split = Split::of_subject(SplitBy::Slab, Part::Train, &shown, context);
            assert!(split.leaks(gap(context)).is_empty());
            assert!(
                !split.leaks(gap(context) + 1).is_empty(),
                "the gap is no wider than need be"
            );
        }
    }

    #[test]
    fn a_subject_does_one_thing_and_scattered_slices_leak() {
        let shown = [false, true, true, true, true, true, true, true, false];
        let whole = |part| Split::of_subject(SplitBy::Subject, part, &shown, 1);
        assert_eq!(whole(Part::Train).train, [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(whole(Part::Validation).validation, [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(whole(Part::Unused), Split::default());
        for part in [Part::Train, Part::Validation] {
            assert_eq!(whole(part).leaks(GAP), [] as [u32; 0]);
        }
        let scattered = Split::of_subject(SplitBy::Scattered, Part::Train, &shown, 0);
        assert_eq!(scattered.leaks(GAP), [3]);
        let mut both = Split::of_subject(SplitBy::Subject, Part::Train, &shown, 0);
        both.extend(&whole(Part::Validation).shifted(9));
        assert_eq!(both.validation, [10, 11, 12, 13, 14, 15, 16]);
    }
}
