//! A subject as it is kept: its channels as their files store them, and a row of the table for each voxel.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::table::IGNORED;
use super::{Candidate, Channel, Error, Table, channels};
use crate::bulk;
use crate::nifti::{Fault, FileSpace, Finding, Grid};
use crate::train::Split;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subject {
    pub name: String,
    #[serde(with = "channels")]
    pub channels: Vec<Channel>,
    /// Voxels in RAS order.
    pub grid: Grid,
    /// Where the image's own file says that its voxels lie.
    pub file: FileSpace,
    /// Row of the table for each voxel, x fastest, of the label as it is now.
    #[serde(with = "bulk::shared")]
    pub rows: Arc<Vec<u8>>,
    /// As its file has it, once something was drawn over it.
    pub file_rows: Option<Arc<Vec<u8>>>,
    /// Voxels of each row.
    pub counts: Vec<usize>,
    /// Pixels of each row in each axial slice.
    pub slice_counts: Vec<Vec<u32>>,
    /// What was put right on the way in, and what was changed by hand, in sentences.
    pub notes: Vec<String>,
    /// Slices that whoever made the subject has divided.
    pub given: Option<Split>,
    /// Bytes of the voxels that are kept.
    pub bytes: usize,
}

impl Subject {
    pub(super) fn new(candidate: &Candidate, table: &Table) -> Result<Self, Error> {
        let (Some(labels), Some(image)) = (candidate.labels(), candidate.image()) else {
            return Err(Error::NothingToOpen);
        };
        let row_of = |value: &i64| table.row_of(*value).unwrap_or(0) as u8;
        let row_of_class: Vec<u8> = labels.values().iter().map(row_of).collect();
        let rows: Vec<u8> = labels
            .labels()
            .iter()
            .map(|class| row_of_class[usize::from(*class)])
            .collect();
        let slice_counts = slice_counts(&rows, image.grid().shape, table.rows().len());
        let counts = totals(&slice_counts, table.rows().len());
        let mut notes: Vec<String> = image.notices().iter().map(ToString::to_string).collect();
        notes.extend(
            candidate
                .remedies()
                .iter()
                .map(|remedy| format!("{}: changed by hand.", remedy.action())),
        );
        let of_channels = |finding: &&Finding| finding.fault == Fault::ResampledChannels;
        let resampled = candidate.findings().iter().filter(of_channels);
        notes.extend(resampled.map(|finding| finding.sentence.clone()));
        Ok(Self {
            name: candidate.name.clone(),
            channels: candidate.channels(),
            grid: image.grid().clone(),
            file: FileSpace::of(image),
            file_rows: None,
            rows: Arc::new(rows),
            counts,
            slice_counts,
            notes,
            given: None,
            bytes: candidate.bytes(),
        })
    }

    /// Voxels along x, y, z.
    #[must_use]
    pub fn shape(&self) -> [usize; 3] {
        self.grid.shape
    }

    /// A channel's values in RAS order, made anew at each call.
    ///
    /// # Errors
    /// [`Error::Nifti`] where memory does not suffice or there is no such channel.
    pub fn values(&self, channel: usize) -> Result<Vec<f32>, Error> {
        let missing = Error::Missing { subject: 0, channel };
        let channel = self.channels.get(channel).ok_or(missing)?;
        Ok(channel.volume.frame_f32(channel.frame)?)
    }

    /// Appends some axial slices of a channel's values.
    ///
    /// # Errors
    /// As [`Subject::values`].
    pub fn extend_values(
        &self,
        values: &mut Vec<f32>,
        channel: usize,
        slices: std::ops::Range<usize>,
    ) -> Result<(), Error> {
        let missing = Error::Missing { subject: 0, channel };
        let channel = self.channels.get(channel).ok_or(missing)?;
        Ok(channel.volume.extend_f32(values, channel.frame, slices)?)
    }

    /// Takes over classes that were drawn. A voxel that has the class of its file keeps the file's row, another gets the
    /// first row of its class.
    pub(super) fn redraw(&mut self, labels: &Arc<Vec<u8>>, lookup: &[u8]) {
        let row_of = |class: u8| lookup.iter().position(|other| *other == class).unwrap_or(0) as u8;
        let firsts: Vec<u8> = (0..=u8::MAX).map(row_of).collect();
        let file_rows = self.file_rows.get_or_insert_with(|| Arc::clone(&self.rows));
        let is_own = |lookup: &[u8]| (0..).zip(lookup).all(|(row, class): (u8, _)| row == *class);
        self.rows = if is_own(lookup) {
            Arc::clone(labels)
        } else {
            let row = |(class, row): (&u8, &u8)| {
                if lookup[usize::from(*row)] == *class {
                    *row
                } else {
                    firsts[usize::from(*class)]
                }
            };
            Arc::new(labels.iter().zip(file_rows.iter()).map(row).collect())
        };
        let table = self.counts.len();
        self.slice_counts = slice_counts(&self.rows, self.grid.shape, table);
        self.counts = totals(&self.slice_counts, table);
    }

    /// The class of each voxel by a table's lookup; no copy where each row is its own class.
    #[must_use]
    pub fn labels(&self, lookup: &[u8]) -> Arc<Vec<u8>> {
        classes(&self.rows, lookup)
    }

    /// The same as its file has it, if it was drawn over.
    #[must_use]
    pub fn file_labels(&self, lookup: &[u8]) -> Option<Arc<Vec<u8>>> {
        let rows = self.file_rows.as_ref().filter(|_| self.is_drawn())?;
        Some(classes(rows, lookup))
    }

    /// Whether its label is not that of its file.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.file_rows.as_ref().is_some_and(|rows| *rows != self.rows)
    }

    /// Pixels of each class in each axial slice.
    #[must_use]
    pub fn class_counts(&self, lookup: &[u8]) -> Vec<Vec<u32>> {
        let counting = lookup.iter().filter(|class| **class != IGNORED);
        let classes = counting.max().map_or(0, |last| usize::from(*last) + 1);
        let count = |rows: &Vec<u32>| {
            let mut counts = vec![0; classes];
            for (class, count) in lookup.iter().zip(rows) {
                if let Some(sum) = counts.get_mut(usize::from(*class)) {
                    *sum += count;
                }
            }
            counts
        };
        self.slice_counts.iter().map(count).collect()
    }

    /// Which axial slices show any class.
    #[must_use]
    pub fn labelled(&self, lookup: &[u8]) -> Vec<bool> {
        let shows = |counts: Vec<u32>| counts.iter().skip(1).any(|count| *count > 0);
        self.class_counts(lookup).into_iter().map(shows).collect()
    }
}

fn classes(rows: &Arc<Vec<u8>>, lookup: &[u8]) -> Arc<Vec<u8>> {
    let mut own = lookup.iter().enumerate();
    if own.all(|(row, class)| row == usize::from(*class)) {
        return Arc::clone(rows);
    }
    Arc::new(rows.iter().map(|row| lookup[usize::from(*row)]).collect())
}

/// Pixels of each row in each axial slice.
fn slice_counts(rows: &[u8], [width, height, _]: [usize; 3], table: usize) -> Vec<Vec<u32>> {
    let count = |slice: &[u8]| {
        let mut counts = vec![0; table];
        for row in slice {
            counts[usize::from(*row)] += 1;
        }
        counts
    };
    rows.chunks_exact((width * height).max(1)).map(count).collect()
}

fn totals(slice_counts: &[Vec<u32>], table: usize) -> Vec<usize> {
    let all = |row: usize| slice_counts.iter().map(|counts| counts[row] as usize).sum();
    (0..table).map(all).collect()
}
