//! What a plan has to know of the data.

use crate::lab::Cohort;
use crate::lab::cohort::Tally;
use crate::train::Extent;

/// Facts of a cohort, as far as they decide a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Fingerprint {
    /// Width and height of the widest and the tallest slice, in pixels; where the size of a pixel is chosen, in pixels of
    /// that size.
    pub extent: [usize; 2],
    /// Millimetres of a pixel along a row and along a column, the smallest there are.
    pub spacing_mm: [f64; 2],
    /// The size of a pixel that the visitor has chosen; slices are then not shrunk further, but cut off at the grid's edge.
    pub pixel_mm: Option<f64>,
    /// Channels of a slice, neighbours not counted.
    pub modalities: usize,
    /// Channels of the network's input.
    pub channels: usize,
    /// Background first.
    pub classes: Vec<Class>,
    /// Slices of all subjects that take part, whether they train or not.
    pub slices: usize,
    pub tally: Tally,
}

/// A class of the label table.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub name: String,
    /// Of the pixels of the training slices.
    pub share: f64,
}

impl Fingerprint {
    /// `None` where no slice trains: there is nothing to plan from.
    #[must_use]
    pub fn of(cohort: &Cohort) -> Option<Self> {
        let tally = cohort.tally();
        let used = cohort.used();
        if tally.train.slices == 0 || used.is_empty() {
            return None;
        }
        let (mut extent, mut spacing_mm) = ([0; 2], [f64::MAX; 2]);
        for subject in used {
            let grid = &cohort.subjects[subject].grid;
            let step = cohort
                .pixel_mm
                .map_or(1.0, |mm| (mm / grid.spacing_mm[0]).max(1.0));
            for axis in 0..2 {
                let pixels = (grid.shape[axis] as f64 / step).ceil() as usize;
                extent[axis] = extent[axis].max(pixels);
                spacing_mm[axis] = spacing_mm[axis].min(grid.spacing_mm[axis]);
            }
        }
        Some(Self {
            extent,
            spacing_mm,
            pixel_mm: cohort.pixel_mm,
            modalities: cohort.channels.len(),
            channels: cohort.in_channels(),
            classes: classes(cohort),
            slices: cohort.slices(),
            tally,
        })
    }

    /// The data set that a run on a grid of `size` × `size` pixels has.
    #[must_use]
    pub fn data(&self, size: usize) -> Extent {
        Extent {
            grid: [size; 2],
            slices: self.slices,
            modalities: self.modalities,
            validation: self.tally.validation.slices,
        }
    }

    /// The class other than the background with the fewest pixels, of those that the training slices show.
    #[must_use]
    pub fn rarest(&self) -> Option<&Class> {
        let shown = self.classes.iter().skip(1).filter(|class| class.share > 0.0);
        shown.min_by(|one, other| one.share.total_cmp(&other.share))
    }

    /// The longer side of the largest slices, in pixels.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.extent[0].max(self.extent[1])
    }
}

fn classes(cohort: &Cohort) -> Vec<Class> {
    let names = cohort.table.classes();
    let mut pixels = vec![0_u64; names.len()];
    for counts in cohort.counts() {
        for (sum, count) in pixels.iter_mut().zip(counts) {
            *sum += u64::from(count);
        }
    }
    let all = pixels.iter().sum::<u64>().max(1) as f64;
    let class = |(row, pixels): (&crate::lab::cohort::Row, u64)| Class {
        name: row.name.clone(),
        share: pixels as f64 / all,
    };
    names.into_iter().zip(pixels).map(class).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::lab::cohort::Count;

    /// The sample that the page opens with, as far as a plan sees it.
    pub(in crate::plan) fn abdomen() -> Fingerprint {
        let shares = [
            ("background", 0.93),
            ("liver", 0.03),
            ("pancreas", 0.0005),
            ("adrenal gland right", 0.000_12),
            ("prostate", 0.0004),
        ];
        let count = |slices| Count { slices, subjects: 1 };
        Fingerprint {
            extent: [122, 101],
            spacing_mm: [3.0; 2],
            pixel_mm: None,
            modalities: 1,
            channels: 1,
            classes: shares
                .map(|(name, share)| Class {
                    name: name.into(),
                    share,
                })
                .to_vec(),
            slices: 112,
            tally: Tally {
                train: count(66),
                validation: count(20),
                all: 1,
                unused: 0,
            },
        }
    }

    #[test]
    fn the_facts_are_those_of_the_subjects_that_take_part() {
        let mut cohort = crate::lab::cohort::tests::three();
        let whole = Fingerprint::of(&cohort).unwrap();
        assert_eq!((whole.extent, whole.spacing_mm), ([6, 5], [1.0; 2]));
        assert_eq!((whole.modalities, whole.channels, whole.slices), (2, 2, 15));
        assert_eq!(whole.tally, cohort.tally());
        assert_eq!(whole.longest(), 6);
        let data = whole.data(64);
        assert_eq!((data.grid, data.slices, data.validation), ([64; 2], 15, 2));
        assert_eq!(data.validation, cohort.split().validation.len());
        assert!((whole.classes.iter().map(|class| class.share).sum::<f64>() - 1.0).abs() <= 1e-12);
        // Columns are 0, 1, 2, 4, 0, 1 in four slices of the first subject, and 0, 1 in turn in three of the second.
        assert!(
            (whole.classes[2].share - 20.0 / 210.0).abs() <= 1e-12,
            "{whole:?}"
        );
        assert_eq!(whole.rarest().unwrap().share, 20.0 / 210.0);
        cohort.context = 1;
        cohort.pixel_mm = Some(2.0);
        let coarse = Fingerprint::of(&cohort).unwrap();
        assert_eq!(
            (coarse.extent, coarse.channels, coarse.modalities),
            ([3, 3], 6, 2)
        );
        cohort.parts = vec![crate::train::Part::Validation; 3];
        assert_eq!(Fingerprint::of(&cohort), None, "nothing trains");
    }

    #[test]
    fn a_class_that_is_not_shown_is_not_the_rarest() {
        let mut facts = abdomen();
        assert_eq!(facts.rarest().unwrap().name, "adrenal gland right");
        facts.classes[3].share = 0.0;
        assert_eq!(facts.rarest().unwrap().name, "prostate");
        facts.classes.truncate(1);
        assert_eq!(facts.rarest(), None);
    }
}
