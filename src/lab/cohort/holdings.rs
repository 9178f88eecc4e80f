//! What the other side of a link holds of our cohorts, so that voxels travel once and are named afterwards.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::channels::volumes;
use super::pieces::Known;
use super::{Cohort, Subject};
use crate::nifti::Volume;

/// What the other side holds of which cohort, so that voxels travel once.
#[derive(Debug, Default)]
pub struct Holdings {
    /// Of each subject of a cohort.
    cohorts: HashMap<u64, Vec<Holding>>,
}

#[derive(Debug)]
struct Holding {
    volumes: Vec<Weak<Volume>>,
    rows: Weak<Vec<u8>>,
}

impl Holdings {
    /// The other side holds this cohort as it is.
    pub fn note(&mut self, cohort: &Cohort) {
        let holding = |subject: &Arc<Subject>| Holding {
            volumes: volumes(&subject.channels)
                .0
                .into_iter()
                .map(Arc::downgrade)
                .collect(),
            rows: Arc::downgrade(&subject.rows),
        };
        let holdings = cohort.subjects.iter().map(holding).collect();
        self.cohorts.insert(cohort.id, holdings);
    }

    /// What of the cohort's subjects the other side holds.
    #[must_use]
    pub fn known(&self, cohort: &Cohort) -> Vec<Known> {
        let held = self.cohorts.get(&cohort.id);
        let known = |(number, subject): (usize, &Arc<Subject>)| {
            let held = held.and_then(|held| held.get(number));
            held.map_or_else(Known::default, |held| held.known(subject))
        };
        cohort.subjects.iter().enumerate().map(known).collect()
    }

    /// The cohorts whose images are not in memory here any more: nobody will ask for them.
    pub fn gone(&mut self) -> Vec<u64> {
        let is_gone = |held: &Vec<Holding>| {
            let mut volumes = held.iter().flat_map(|held| &held.volumes);
            volumes.all(|volume| volume.strong_count() == 0)
        };
        let gone: Vec<u64> = self
            .cohorts
            .iter()
            .filter(|(_, held)| is_gone(held))
            .map(|(id, _)| *id)
            .collect();
        self.cohorts.retain(|id, _| !gone.contains(id));
        gone
    }

    /// The other side holds nothing any more.
    pub fn forget(&mut self) {
        self.cohorts.clear();
    }
}

impl Holding {
    fn known(&self, subject: &Subject) -> Known {
        let (volumes, _) = volumes(&subject.channels);
        let pairs = self.volumes.iter().zip(&volumes);
        Known {
            volumes: self.volumes.len() == volumes.len()
                && pairs
                    .into_iter()
                    .all(|(held, own)| std::ptr::eq(held.as_ptr(), Arc::as_ptr(own))),
            rows: std::ptr::eq(self.rows.as_ptr(), Arc::as_ptr(&subject.rows)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Assembly;
    use super::super::pieces::tests::assert_same;
    use super::super::tests::three;
    use super::*;

    /// What arrives at a side that holds `held`, and the bytes that went there.
    fn sent_over(cohort: &Cohort, holdings: &mut Holdings, held: Option<&Cohort>) -> (Cohort, usize) {
        let known = holdings.known(cohort);
        let mut arriving = Assembly::over(cohort.hollow_for_a_run(), &known, held).unwrap();
        let mut whole = arriving.whole();
        let mut bytes = 0;
        for piece in cohort.lacking(&known) {
            bytes += piece.bytes.len();
            whole = arriving.add(&piece).unwrap();
        }
        holdings.note(cohort);
        (whole.unwrap(), bytes)
    }

    #[test]
    fn voxels_travel_once_and_labels_that_are_drawn_once_more() {
        let mut cohort = three();
        let mut holdings = Holdings::default();
        let (held, all) = sent_over(&cohort, &mut holdings, None);
        assert_same(&held, &cohort);
        cohort.table.rename(1, "renamed");
        let (again, none) = sent_over(&cohort, &mut holdings, Some(&held));
        assert_eq!(none, 0);
        assert_same(&again, &cohort);
        assert_eq!(again.table, cohort.table);
        let drawn: Vec<u8> = cohort.subjects[1]
            .rows
            .iter()
            .map(|row| 1 - row.min(&1))
            .collect();
        let len = drawn.len();
        cohort.redraw(1, &Arc::new(drawn));
        let (drawn, rows) = sent_over(&cohort, &mut holdings, Some(&again));
        assert_eq!(rows, len);
        assert!(rows < all);
        assert_eq!(drawn.subjects[1].rows, cohort.subjects[1].rows);
        assert!(holdings.gone().is_empty());
        drop(cohort);
        assert_eq!(holdings.gone(), [drawn.id]);
        // A side that has lost what it held says so.
        let cohort = three();
        holdings.note(&cohort);
        let known = holdings.known(&cohort);
        assert!(Assembly::over(cohort.hollow_for_a_run(), &known, None).is_err());
    }
}
