//! Which slices train and which validate.

use serde::{Deserialize, Serialize};

/// Slices between two validation slabs' neighbourhoods: one block has one slab in its middle.
const BLOCK: usize = 16;
/// Share of a block that validates.
const VALIDATION_SHARE: f64 = 0.2;
/// Slices left out on each side of a slab: neighbours look too much alike to be told apart as data.
pub const GAP: usize = 1;

/// Slice numbers of one volume, ascending, without overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub train: Vec<u32>,
    pub validation: Vec<u32>,
}

impl Split {
    /// Contiguous validation slabs with a gap on each side, over the slices that show any class
    /// (`has_foreground`, one entry for each slice).
    #[must_use]
    pub fn slabs(has_foreground: &[bool]) -> Self {
        let shown: Vec<usize> = (0..has_foreground.len())
            .filter(|slice| has_foreground[*slice])
            .collect();
        let mut split = Self::default();
        for block in shown.chunks(shown.len().div_ceil(shown.len().div_ceil(BLOCK).max(1)).max(1)) {
            let slab = if block.len() < 4 {
                0
            } else {
                (VALIDATION_SHARE * block.len() as f64).round().max(1.0) as usize
            };
            let start = (block.len() - slab) / 2;
            split
                .validation
                .extend(block[start..start + slab].iter().map(|slice| *slice as u32));
        }
        let near = |slice: usize, other: &u32| slice.abs_diff(*other as usize) <= GAP;
        let free = shown
            .iter()
            .filter(|slice| !split.validation.iter().any(|other| near(**slice, other)));
        split.train = free.map(|slice| *slice as u32).collect();
        split
    }

    /// Whether no training slice touches a validation slice.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let apart = |a: &u32| self.validation.iter().all(|b| a.abs_diff(*b) as usize > GAP);
        self.train.iter().all(apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slabs_never_touch_training_slices() {
        for count in 0..90 {
            let shown: Vec<bool> = (0..count).map(|slice| slice % 23 != 7).collect();
            let split = Split::slabs(&shown);
            assert!(split.is_clean());
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
}
