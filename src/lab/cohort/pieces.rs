//! A cohort on its way: first without its voxels, then piece by piece, so that whoever sends or takes it gets to other
//! things in between.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::channels::volumes;
use super::{Cohort, Error, Subject};
use crate::bulk;
use crate::nifti::Volume;

/// Some 2 ms to write or to read.
const PIECE_BYTES: usize = 64 * Volume::PIECE_BYTES;

/// Where the bytes of a piece belong, behind those that came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    /// Into the volume of this number among those of the subject.
    Volume(usize),
    Rows,
    FileRows,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Piece {
    subject: usize,
    place: Place,
    #[serde(with = "bulk")]
    pub(super) bytes: Vec<u8>,
}

impl Cohort {
    /// The same without its voxels.
    #[must_use]
    pub fn hollow(&self) -> Self {
        Self {
            subjects: self
                .subjects
                .iter()
                .map(|subject| Arc::new(subject.hollow()))
                .collect(),
            ..self.clone()
        }
    }

    /// As [`Cohort::hollow`], without what the label files said where labels were drawn: it plays no part in a run.
    #[must_use]
    pub fn hollow_for_a_run(&self) -> Self {
        let mut hollow = self.hollow();
        for subject in &mut hollow.subjects {
            Arc::make_mut(subject).file_rows = None;
        }
        hollow
    }

    /// Its voxels, in the order in which an [`Assembly`] takes them.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> + '_ {
        let subjects = self.subjects.iter().enumerate();
        subjects.flat_map(|(number, subject)| subject.pieces(number, Known::default()))
    }

    /// What of [`Cohort::hollow_for_a_run`] the other side lacks, of whose subjects so much is `known` there.
    pub fn lacking(&self, known: &[Known]) -> impl Iterator<Item = Piece> + '_ {
        let subjects = self.subjects.iter().enumerate().zip(known.to_vec());
        subjects.flat_map(|((number, subject), known)| {
            let pieces = subject.pieces(number, known);
            pieces.filter(|piece| piece.place != Place::FileRows)
        })
    }
}

/// Which arrays of a subject the other side holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub(super) volumes: bool,
    pub(super) rows: bool,
}

impl Subject {
    fn hollow(&self) -> Self {
        let (volumes, shown) = volumes(&self.channels);
        let hollow: Vec<Arc<Volume>> = volumes.iter().map(|volume| Arc::new(volume.hollow())).collect();
        let mut subject = Self {
            rows: Arc::default(),
            file_rows: self.file_rows.as_ref().map(|_| Arc::default()),
            ..self.clone()
        };
        for (channel, number) in subject.channels.iter_mut().zip(shown) {
            channel.volume = Arc::clone(&hollow[number]);
        }
        subject
    }

    fn pieces(&self, subject: usize, known: Known) -> impl Iterator<Item = Piece> + '_ {
        let (mut volumes, _) = volumes(&self.channels);
        if known.volumes {
            volumes.clear();
        }
        let voxels = volumes.into_iter().enumerate().flat_map(move |(number, volume)| {
            let all = volume.stored_bytes();
            let piece = move |start: usize| Piece {
                subject,
                place: Place::Volume(number),
                bytes: volume.stored(start..(start + PIECE_BYTES).min(all)),
            };
            (0..all).step_by(PIECE_BYTES).map(piece)
        });
        let rows = [
            (Place::Rows, Some(&self.rows).filter(|_| !known.rows)),
            (Place::FileRows, self.file_rows.as_ref()),
        ];
        let rows = rows.into_iter().flat_map(move |(place, rows)| {
            let piece = move |bytes: &[u8]| Piece {
                subject,
                place,
                bytes: bytes.to_vec(),
            };
            rows.map_or(&[][..], |rows| rows.as_slice())
                .chunks(PIECE_BYTES)
                .map(piece)
        });
        voxels.chain(rows)
    }
}

/// A cohort whose voxels are still coming.
#[derive(Debug)]
pub struct Assembly {
    cohort: Cohort,
    subjects: Vec<Parts>,
    /// Bytes that are still to come, and those of all.
    missing: usize,
    all: usize,
}

#[derive(Debug)]
struct Parts {
    volumes: Vec<Volume>,
    /// Of each channel.
    shown: Vec<usize>,
    /// How many rows there will be; the room for them is touched by nothing before they come.
    voxels: usize,
    rows: Vec<u8>,
    file_rows: Option<Vec<u8>>,
    /// What does not come, because it is here.
    held: Option<Vec<Arc<Volume>>>,
    held_rows: Option<Arc<Vec<u8>>>,
}

impl Assembly {
    #[must_use]
    pub fn new(hollow: Cohort) -> Self {
        let subjects: Vec<Parts> = hollow
            .subjects
            .iter()
            .map(|subject| Parts::new(subject))
            .collect();
        let all = hollow.subjects.iter().map(|subject| subject.missing()).sum();
        Self {
            missing: all,
            all,
            subjects,
            cohort: hollow,
        }
    }

    /// As [`Assembly::new`], where so much of the subjects is `known` from the cohort that is `held`.
    ///
    /// # Errors
    /// [`Error::Piece`] if that is not held.
    pub fn over(hollow: Cohort, known: &[Known], held: Option<&Cohort>) -> Result<Self, Error> {
        let mut assembly = Self::new(hollow);
        let subjects = assembly.subjects.iter_mut().zip(&assembly.cohort.subjects);
        for (number, ((parts, hollow), known)) in subjects.zip(known).enumerate() {
            let held = held.and_then(|held| held.subjects.get(number));
            if known.volumes {
                let (held, _) = volumes(&held.ok_or(Error::Piece)?.channels);
                parts.held = Some(held.into_iter().map(Arc::clone).collect());
                assembly.missing -= hollow.missing_volumes();
            }
            if known.rows {
                parts.held_rows = Some(Arc::clone(&held.ok_or(Error::Piece)?.rows));
                assembly.missing -= parts.voxels;
            }
        }
        Ok(assembly)
    }

    /// The cohort, if there is nothing to come.
    #[must_use]
    pub fn whole(&mut self) -> Option<Cohort> {
        (self.missing == 0).then(|| self.finish())
    }

    /// Which part of the voxels is there, from 0 to 1.
    #[must_use]
    pub fn arrived(&self) -> f64 {
        1.0 - self.missing as f64 / self.all.max(1) as f64
    }

    /// Puts a piece in its place; the cohort, once it is whole.
    ///
    /// # Errors
    /// [`Error::Piece`] for one that has no place.
    pub fn add(&mut self, piece: &Piece) -> Result<Option<Cohort>, Error> {
        let Piece {
            subject,
            place,
            bytes,
        } = piece;
        let parts = self
            .subjects
            .get_mut(*subject)
            .filter(|_| bytes.len() <= self.missing);
        let is_placed = parts.is_some_and(|parts| parts.put(*place, bytes));
        if !is_placed {
            return Err(Error::Piece);
        }
        self.missing -= bytes.len();
        Ok(self.whole())
    }

    fn finish(&mut self) -> Cohort {
        let mut cohort = self.cohort.clone();
        for (subject, parts) in cohort.subjects.iter_mut().zip(self.subjects.drain(..)) {
            parts.fill(Arc::make_mut(subject));
        }
        cohort
    }
}

impl Subject {
    /// Bytes of volumes that a hollow one lacks.
    fn missing_volumes(&self) -> usize {
        let (kept, _) = volumes(&self.channels);
        kept.iter().map(|volume| volume.declared_bytes()).sum()
    }

    /// Bytes that a hollow one lacks.
    fn missing(&self) -> usize {
        let voxels: usize = self.shape().iter().product();
        self.missing_volumes() + voxels * (1 + usize::from(self.file_rows.is_some()))
    }
}

impl Parts {
    fn new(hollow: &Subject) -> Self {
        let (volumes, shown) = volumes(&hollow.channels);
        let voxels = hollow.shape().iter().product();
        let empty = || Vec::with_capacity(voxels);
        Self {
            volumes: volumes.iter().map(|volume| volume.hollow()).collect(),
            shown,
            voxels,
            rows: empty(),
            file_rows: hollow.file_rows.as_ref().map(|_| empty()),
            held: None,
            held_rows: None,
        }
    }

    /// Whether there was a place.
    fn put(&mut self, place: Place, bytes: &[u8]) -> bool {
        let rows = match place {
            Place::Volume(number) => {
                let volume = self.volumes.get_mut(number);
                return volume.map(|volume| volume.refill(bytes)).is_some();
            }
            Place::Rows => Some(&mut self.rows),
            Place::FileRows => self.file_rows.as_mut(),
        };
        let rows = rows.filter(|rows| rows.len() + bytes.len() <= self.voxels);
        rows.map(|rows| rows.extend_from_slice(bytes)).is_some()
    }

    fn fill(self, subject: &mut Subject) {
        let came = || self.volumes.into_iter().map(Arc::new).collect();
        let volumes: Vec<Arc<Volume>> = self.held.unwrap_or_else(came);
        for (channel, number) in subject.channels.iter_mut().zip(self.shown) {
            channel.volume = Arc::clone(&volumes[number]);
        }
        subject.rows = self.held_rows.unwrap_or_else(|| Arc::new(self.rows));
        subject.file_rows = self.file_rows.map(Arc::new);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tests::{three, volume};
    use super::super::{Candidate, Frames};
    use super::*;

    fn arrived(cohort: &Cohort) -> Cohort {
        let mut arriving = Assembly::new(cohort.hollow());
        let mut whole = None;
        for piece in cohort.pieces() {
            assert!(whole.is_none(), "a piece behind the last");
            let before = arriving.arrived();
            whole = arriving.add(&piece).unwrap();
            assert!((before..=1.0).contains(&arriving.arrived()));
        }
        assert!((arriving.arrived() - 1.0).abs() <= f64::EPSILON);
        whole.unwrap()
    }

    pub(in super::super) fn assert_same(is: &Cohort, was: &Cohort) {
        assert_eq!(is.subjects.len(), was.subjects.len());
        for (is, was) in is.subjects.iter().zip(&was.subjects) {
            assert_eq!((&is.rows, &is.file_rows), (&was.rows, &was.file_rows));
            assert_eq!(is.channels.len(), was.channels.len());
            for channel in 0..is.channels.len() {
                assert_eq!(is.values(channel).unwrap(), was.values(channel).unwrap());
            }
        }
    }

    #[test]
    fn a_cohort_is_the_same_after_its_way_and_what_was_drawn_comes_along() {
        let mut cohort = three();
        let drawn: Vec<u8> = cohort.subjects[1]
            .rows
            .iter()
            .map(|row| 1 - row.min(&1))
            .collect();
        cohort.redraw(1, &Arc::new(drawn));
        assert!(cohort.subjects[1].file_rows.is_some());
        assert_same(&arrived(&cohort), &cohort);
    }

    #[test]
    fn a_volume_of_several_pieces_and_channels_travels_once() {
        // Rows of a piece and a bit, and 16-bit voxels of two frames.
        let shape = [256, 256, 33, 2];
        let image = volume(shape, 0.0, |[x, y, z, t]| (x * 3 + y * 5 + z * 7 + t * 11) as i16);
        let label = volume([256, 256, 33, 1], 0.0, |[x, ..]| (x % 2) as i16);
        let images = vec![("both".to_owned(), image)];
        let candidate = Candidate::new("case", images, label, Frames::Channels, true);
        let cohort = Cohort::open(1, "one", &[candidate]).unwrap();
        assert_eq!(cohort.subjects[0].channels.len(), 2);
        let bytes: Vec<usize> = cohort.pieces().map(|piece| piece.bytes.len()).collect();
        let voxels = 256 * 256 * 33;
        assert_eq!(bytes.iter().sum::<usize>(), 2 * voxels * 2 + voxels);
        assert!(voxels > PIECE_BYTES && bytes.len() > 4);
        let arrived = arrived(&cohort);
        assert_same(&arrived, &cohort);
        let [first, second] = &arrived.subjects[0].channels[..] else {
            panic!("two channels");
        };
        assert!(Arc::ptr_eq(&first.volume, &second.volume));
    }

    #[test]
    fn a_piece_without_a_place_is_refused() {
        let cohort = three();
        let mut arriving = Assembly::new(cohort.hollow());
        let mut piece = cohort.pieces().next().unwrap();
        piece.subject = 3;
        assert!(arriving.add(&piece).is_err());
        piece.subject = 0;
        piece.place = Place::FileRows;
        assert!(arriving.add(&piece).is_err(), "nothing was drawn");
        piece.place = Place::Rows;
        piece.bytes = vec![0; 10_000];
        assert!(arriving.add(&piece).is_err(), "too many rows");
    }
}
