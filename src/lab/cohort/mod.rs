//! The subjects that are open: what belongs together, what its numbers mean, who trains and who validates, and what the
//! network gets to see of it. Pure data; the page changes a copy and puts it in the place of the old one.

use serde::{Deserialize, Serialize};

mod aligned;
mod candidate;
mod channels;
mod decisions;
mod error;
mod holdings;
mod itk_snap;
mod pieces;
mod scheme;
mod subject;
mod table;
mod tally;

use std::sync::Arc;

use crate::train::{self, Dataset, Fit, Intensity, Normalisation, Part, Split, SplitBy, SplitOfSubject};
pub use candidate::{Candidate, Channel, Frames};
pub use decisions::{ChannelRule, ClassRule, Decisions, SubjectRule};
pub use error::Error;
pub use holdings::Holdings;
pub use itk_snap::{channel_names, read as read_label_file, read_dataset_json, write as write_label_file};
pub use pieces::{Assembly, Known, Piece};
pub use scheme::{SCHEMES, Scheme, View, recognise};
pub use subject::Subject;
pub use table::{BACKGROUND, Row, Table};
pub use tally::{Count, Tally};

/// Values below this occur in no modality but CT (air is −1000 HU).
const CT_BELOW: f64 = -200.0;
/// The window that the usual CT training is clipped to, in HU.
const CT_WINDOW: [f64; 2] = [-160.0, 240.0];
/// What is brighter than this share of the range between the cuts belongs to the body.
const BODY_SHARE: f32 = 0.1;
/// Pixels that are kept around the body.
const BODY_MARGIN: usize = 2;
/// Of several subjects, one in five validates.
const VALIDATION_EVERY: usize = 5;

/// Everything about the data that decides a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cohort {
    /// Tells cohorts apart that were opened one after the other.
    pub id: u64,
    pub title: String,
    /// Key of the sample; `None` for the visitor's own files.
    pub sample: Option<String>,
    /// Names of the channels; empty where there is but one and its file does not say.
    pub channels: Vec<String>,
    pub subjects: Vec<Arc<Subject>>,
    pub table: Table,
    /// The convention that the labels follow, as far as it is known.
    #[serde(with = "scheme::by_name")]
    pub scheme: Option<&'static Scheme>,
    pub by: SplitBy,
    /// What each subject is there for.
    pub parts: Vec<Part>,
    /// Of each channel.
    pub normalisations: Vec<Normalisation>,
    /// Each subject's slices are cut to its body before they are shrunk.
    pub crops: bool,
    /// Millimetres of a pixel of the grid along a row, alike in all subjects; without it each is shrunk as far as it must.
    pub pixel_mm: Option<f64>,
    /// Neighbouring slices on either side that come along as channels.
    pub context: usize,
}

/// What a change of the cohort must leave alone, if a run is to go on.
impl PartialEq for Cohort {
    fn eq(&self, other: &Self) -> bool {
        let pairs = self.subjects.iter().zip(&other.subjects);
        self.id == other.id
            && pairs
                .into_iter()
                .all(|(one, other)| Arc::ptr_eq(&one.rows, &other.rows))
            && self.table.lookup() == other.table.lookup()
            && self.by == other.by
            && self.parts == other.parts
            && self.normalisations == other.normalisations
            && (self.crops, self.context) == (other.crops, other.context)
            && self.pixel_mm == other.pixel_mm
    }
}

impl Cohort {
    /// Opens the subjects that are ready.
    ///
    /// # Errors
    /// [`Error::NothingToOpen`] if none is, [`Error::TooManyClasses`].
    pub fn open(id: u64, title: &str, candidates: &[Candidate]) -> Result<Self, Error> {
        Self::open_with(id, title, candidates, [])
    }

    /// As [`Cohort::open`]; the table has rows for these `further` values too, whether a file holds them or not.
    ///
    /// # Errors
    /// As [`Cohort::open`].
    pub fn open_with(
        id: u64,
        title: &str,
        candidates: &[Candidate],
        further: impl IntoIterator<Item = i64>,
    ) -> Result<Self, Error> {
        let ready = || candidates.iter().filter(|candidate| candidate.is_ready());
        let values = ready()
            .filter_map(Candidate::labels)
            .flat_map(|labels| labels.values());
        let mut table = Table::new(values.copied().chain(further))?;
        let subjects: Vec<Arc<Subject>> = ready()
            .map(|candidate| Subject::new(candidate, &table).map(Arc::new))
            .collect::<Result<_, _>>()?;
        let first = subjects.first().ok_or(Error::NothingToOpen)?;
        let channels: Vec<String> = first
            .channels
            .iter()
            .map(|channel| channel.name.clone())
            .collect();
        let names: Vec<String> = subjects.iter().map(|subject| subject.name.clone()).collect();
        let scheme = recognise(&table.values()[1..], &names, &channels);
        if let Some(scheme) = scheme {
            scheme.apply(&scheme.views[0], &mut table);
        }
        let normalisations = first.channels.iter().map(usual).collect();
        let count = subjects.len();
        let mut cohort = Self {
            id,
            title: title.to_owned(),
            sample: None,
            channels,
            subjects,
            table,
            scheme,
            by: if count > 1 {
                SplitBy::Subject
            } else {
                SplitBy::Slab
            },
            parts: vec![Part::Train; count],
            normalisations,
            crops: false,
            pixel_mm: None,
            context: 0,
        };
        if count > 1 {
            for subject in count - count.div_ceil(VALIDATION_EVERY)..count {
                cohort.parts[subject] = Part::Validation;
            }
        }
        Ok(cohort)
    }

    /// All but one train, and that one validates.
    pub fn leave_one_out(&mut self, subject: usize) {
        self.by = SplitBy::Subject;
        for (number, part) in self.parts.iter_mut().enumerate() {
            *part = if number == subject {
                Part::Validation
            } else {
                Part::Train
            };
        }
    }

    /// Gives a subject the classes that were drawn over its label.
    pub fn redraw(&mut self, subject: usize, labels: &Arc<Vec<u8>>) {
        let lookup = self.table.lookup();
        if let Some(subject) = self.subjects.get_mut(subject) {
            Arc::make_mut(subject).redraw(labels, &lookup);
        }
    }

    /// Whether any label is not that of its file.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.subjects.iter().any(|subject| subject.is_drawn())
    }

    /// Bytes of all voxels that are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.subjects.iter().map(|subject| subject.bytes).sum()
    }

    /// Channels of the network's input.
    #[must_use]
    pub fn in_channels(&self) -> usize {
        train::channels(self.channels.len(), self.context)
    }

    /// Subjects that take part in a run, in the order of the data set's.
    #[must_use]
    pub fn used(&self) -> Vec<usize> {
        (0..self.subjects.len())
            .filter(|subject| self.parts[*subject] != Part::Unused)
            .collect()
    }

    /// Axial slices of the subjects that take part.
    #[must_use]
    pub fn slices(&self) -> usize {
        self.used()
            .into_iter()
            .map(|subject| self.subjects[subject].shape()[2])
            .sum()
    }

    /// The slices of one subject, divided.
    #[must_use]
    pub fn split_of(&self, subject: usize) -> SplitOfSubject {
        let (own, part) = (&self.subjects[subject], self.parts[subject]);
        SplitOfSubject(match &own.given {
            Some(given) if self.by == SplitBy::Slab && part != Part::Unused => {
                let mut split = given.clone();
                split.keep_apart(train::gap(self.context));
                split
            }
            _ => Split::of_subject(self.by, part, &own.labelled(&self.table.lookup()), self.context),
        })
    }

    /// The slices of all subjects that take part, by their numbers in the data set.
    #[must_use]
    pub fn split(&self) -> Split {
        let (mut all, mut first) = (Split::default(), 0);
        for subject in self.used() {
            all.extend(&self.split_of(subject).in_dataset(first));
            first += self.subjects[subject].shape()[2] as u32;
        }
        all
    }

    /// Pixels of each class in each training slice, as the files have them.
    #[must_use]
    pub fn counts(&self) -> Vec<Vec<u32>> {
        let lookup = self.table.lookup();
        let of = |subject: usize| {
            let counts = self.subjects[subject].class_counts(&lookup);
            let train = self.split_of(subject).0.train;
            train.into_iter().map(move |slice| counts[slice as usize].clone())
        };
        self.used().into_iter().flat_map(of).collect()
    }

    /// Validation slices that share voxels, or all but share them, with training slices.
    #[must_use]
    pub fn leaks(&self) -> usize {
        let gap = train::gap(self.context);
        let used = self.used().into_iter();
        used.map(|subject| self.split_of(subject).0.leaks(gap).len())
            .sum()
    }

    /// An empty data set for the subjects that take part, which [`Cohort::add`] adds.
    #[must_use]
    pub fn empty_dataset(&self, grid: [usize; 2]) -> Dataset {
        Dataset::empty(
            self.table.classes().len(),
            self.channels.len(),
            self.context,
            grid,
        )
    }

    /// Adds a subject to a data set; its volumes are unpacked for the while.
    ///
    /// # Errors
    /// Where memory does not suffice, or a normalisation means nothing.
    pub fn add(&self, subject: usize, dataset: &mut Dataset) -> Result<(), Error> {
        let own = &self.subjects[subject];
        let mut values = Vec::new();
        let mut intensities = Vec::new();
        for (channel, normalisation) in self.normalisations.iter().enumerate() {
            let image = own.values(channel)?;
            intensities.push(normalisation.resolve(&image)?);
            values.push(image);
        }
        let channels: Vec<train::Channel<'_>> = values
            .iter()
            .zip(&intensities)
            .map(|(image, intensity)| train::Channel {
                image,
                intensity: *intensity,
            })
            .collect();
        let fit = self.fit(subject, &values[0], &intensities[0], dataset.grid);
        let labels = own.labels(&self.table.lookup());
        Ok(dataset.add(&channels, &labels, own.shape(), fit)?)
    }

    /// The whole data set.
    ///
    /// # Errors
    /// As [`Cohort::add`]; and where no slice is left to train on.
    pub fn dataset(&self, grid: [usize; 2]) -> Result<Dataset, Error> {
        let mut dataset = self.empty_dataset(grid);
        for subject in self.used() {
            self.add(subject, &mut dataset)?;
        }
        Ok(dataset.finish(self.split())?)
    }

    /// How a subject's slices lie on a grid; `values` are those of its first channel, and `intensity` is theirs. Unless the
    /// cohort crops, neither counts.
    #[must_use]
    pub fn fit(&self, subject: usize, values: &[f32], intensity: &Intensity, grid: [usize; 2]) -> Fit {
        let own = &self.subjects[subject].grid;
        let [width, height, _] = own.shape;
        let fit = if self.crops {
            Fit::around([width, height], grid, body(values, own.shape, intensity))
        } else {
            Fit::new([width, height], grid)
        };
        match self.pixel_mm {
            Some(pixel_mm) => fit.with_step(pixel_mm / own.spacing_mm[0]),
            None => fit,
        }
    }
}

/// The clip to a window for CT, else to the usual percentiles.
fn usual(channel: &Channel) -> Normalisation {
    let range = channel.volume.statistics(channel.frame..channel.frame + 1, 0);
    if channel.name == "CT" || range.min < CT_BELOW {
        let [low, high] = CT_WINDOW;
        Normalisation::Window { low, high }
    } else {
        let [low, high] = Normalisation::USUAL_PERCENT;
        Normalisation::Percentiles { low, high }
    }
}

/// First column (row) and the one after the last in which any slice shows the body, with a margin; the whole slice where
/// none does.
#[must_use]
pub fn body(values: &[f32], [width, height, _]: [usize; 3], intensity: &Intensity) -> [[usize; 2]; 2] {
    let mut ends = [[width, 0], [height, 0]];
    for (i, value) in values.iter().enumerate() {
        if intensity.share(*value) > BODY_SHARE {
            for (ends, place) in ends.iter_mut().zip([i % width, i / width % height]) {
                *ends = [ends[0].min(place), ends[1].max(place + 1)];
            }
        }
    }
    let extents = [width, height];
    [0, 1].map(|axis| match ends[axis] {
        [first, end] if first < end => [
            first.saturating_sub(BODY_MARGIN),
            (end + BODY_MARGIN).min(extents[axis]),
        ],
        _ => [0, extents[axis]],
    })
}

#[cfg(test)]
pub(crate) mod tests;
