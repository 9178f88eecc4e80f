//! The slices of the subjects on the grid that the network sees.

use serde::{Deserialize, Serialize};

use super::{Error, Fit, Intensity, Recipe, SliceOfDataset, SliceOfSubject, Split};
use crate::bulk;
use crate::contour::IGNORED;
use crate::loss::Facts;

/// Images and reference labels, ready for the network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dataset {
    /// (D, M, H, W), 0 at the lower and 1 at the upper cut of each image.
    #[serde(with = "bulk")]
    pub images: Vec<f32>,
    /// (D, M): factor and summand of what the network sees of them.
    pub scaling: Vec<[f32; 2]>,
    /// (D, H, W), class numbers and [`IGNORED`].
    #[serde(with = "bulk")]
    pub labels: Vec<u32>,
    /// D, over all subjects.
    pub slices: usize,
    /// M: channels of one slice.
    pub modalities: usize,
    /// Neighbouring slices on either side that come along as channels.
    pub context: usize,
    /// Background included.
    pub classes: usize,
    /// Width and height in pixels.
    pub grid: [usize; 2],
    /// One after the other.
    pub subjects: Vec<Placed>,
    /// Numbers among all slices.
    pub split: Split,
}

/// Where the slices of a subject stand among all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The first of its slices.
    pub first: usize,
    pub slices: usize,
    /// How they lie on the grid.
    pub fit: Fit,
}

/// What a data set of one image with one channel is made of: axial slices in the order of the volume.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// (D, H, W) in the file's units.
    pub image: &'a [f32],
    /// (D, H, W), class numbers and [`IGNORED`].
    pub labels: &'a [u8],
    /// W, H, D.
    pub shape: [usize; 3],
    /// Background included.
    pub classes: usize,
    /// The intensities that become 0 and 1.
    pub window: [f32; 2],
}

/// A channel of a subject.
#[derive(Clone, Debug)]
pub struct Channel<'a> {
    /// (D, H, W) in the file's units.
    pub image: &'a [f32],
    pub intensity: Intensity,
}

impl Placed {
    /// The number of one of its slices among all.
    #[must_use]
    pub fn slice(&self, slice: SliceOfSubject) -> SliceOfDataset {
        SliceOfDataset((self.first + slice.0) as u32)
    }

    /// The number in the subject of a slice of the data set; `None` for a slice of another subject.
    #[must_use]
    pub fn slice_of_subject(&self, slice: SliceOfDataset) -> Option<SliceOfSubject> {
        let slice = slice.0 as usize;
        self.range()
            .contains(&slice)
            .then(|| SliceOfSubject(slice - self.first))
    }

    /// Its slices, among all.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.slices
    }

    /// The first and the last of them.
    #[must_use]
    pub fn ends(&self) -> [u32; 2] {
        [0, self.slices.saturating_sub(1)].map(|slice| self.slice(SliceOfSubject(slice)).0)
    }
}

impl Dataset {
    /// One subject with one channel. Fits every slice to a grid of `grid` pixels (width, height). Without a `split`, slabs
    /// are made.
    ///
    /// # Errors
    /// When image and labels differ in shape, the window is empty, a class number is out of range, the split
    /// names a slice that is not there, or no slice is left to train on.
    pub fn new(source: Source<'_>, grid: [usize; 2], split: Option<Split>) -> Result<Self, Error> {
        let [width, height, _] = source.shape;
        let [low, high] = source.window;
        if !(low < high) {
            return Err(Error::Window { low, high });
        }
        let channel = Channel {
            image: source.image,
            intensity: Intensity::between(low, high),
        };
        let mut dataset = Self::empty(source.classes, 1, 0, grid);
        let fit = Fit::new([width, height], grid);
        dataset.add(&[channel], source.labels, source.shape, fit)?;
        let planes = source.labels.chunks_exact((width * height).max(1));
        let split = split.unwrap_or_else(|| {
            let is_foreground = |label: &u8| *label > 0 && usize::from(*label) < source.classes;
            let shown: Vec<bool> = planes.map(|plane| plane.iter().any(is_foreground)).collect();
            Split::slabs(&shown)
        });
        dataset.finish(split)
    }

    /// A data set to which subjects are added, one at a time: their volumes need not be in memory together.
    #[must_use]
    pub fn empty(classes: usize, modalities: usize, context: usize, grid: [usize; 2]) -> Self {
        Self {
            images: Vec::new(),
            scaling: Vec::new(),
            labels: Vec::new(),
            slices: 0,
            modalities,
            context,
            classes,
            grid,
            subjects: Vec::new(),
            split: Split::default(),
        }
    }

    /// Slices that are on the grid already and are taken as they are: `images` (D, M, H, W) and `labels` (D, H, W), for a
    /// grid of `grid` pixels (width, height).
    #[must_use]
    pub fn ready(images: Vec<f32>, labels: Vec<u32>, classes: usize, grid: [usize; 2], split: Split) -> Self {
        let area = (grid[0] * grid[1]).max(1);
        let slices = labels.len() / area;
        let modalities = images.len() / labels.len().max(1);
        Self {
            scaling: vec![[1.0, 0.0]; images.len() / area],
            images,
            labels,
            slices,
            subjects: vec![Placed {
                first: 0,
                slices,
                fit: Fit::new(grid, grid),
            }],
            split,
            ..Self::empty(classes, modalities, 0, grid)
        }
    }

    /// Adds the axial slices of a subject: `labels` (D, H, W) of `shape` W, H, D, and as many channels as the data set has
    /// modalities.
    ///
    /// # Errors
    /// When an image and the labels differ in shape, or a class number is out of range.
    pub fn add(
        &mut self,
        channels: &[Channel<'_>],
        labels: &[u8],
        shape: [usize; 3],
        fit: Fit,
    ) -> Result<(), Error> {
        let [width, height, slices] = shape;
        let area = width * height;
        for image in channels.iter().map(|channel| channel.image.len()) {
            if image != area * slices || labels.len() != image {
                let labels = labels.len();
                return Err(Error::Shape { image, labels, shape });
            }
        }
        if channels.len() != self.modalities {
            return Err(Error::Channels {
                found: channels.len(),
                wanted: self.modalities,
            });
        }
        let classes = self.classes;
        if let Some(&label) = labels.iter().find(|label| !is_label(**label, classes)) {
            return Err(Error::Label { label, classes });
        }
        for slice in 0..slices {
            let range = area * slice..area * (slice + 1);
            for channel in channels {
                let plane = &channel.image[range.clone()];
                let shares: Vec<f32> = plane
                    .iter()
                    .map(|value| channel.intensity.share(*value))
                    .collect();
                self.images.extend(fit.image(&shares, 0.0));
                self.scaling.push(channel.intensity.scaling());
            }
            self.labels.extend(fit.labels(&labels[range]));
        }
        self.subjects.push(Placed {
            first: self.slices,
            slices,
            fit,
        });
        self.slices += slices;
        Ok(())
    }

    /// The data set as it is, divided.
    ///
    /// # Errors
    /// When the split names a slice that is not there, or no slice is left to train on.
    pub fn finish(mut self, split: Split) -> Result<Self, Error> {
        if split.train.is_empty() {
            return Err(Error::NothingToTrain);
        }
        let slices = self.slices;
        let mut all = split.train.iter().chain(&split.validation);
        if let Some(&slice) = all.find(|slice| **slice as usize >= slices) {
            return Err(Error::Slice { slice, slices });
        }
        self.split = split;
        Ok(self)
    }

    /// Channels of the network's input: the modalities of a slice and its neighbours.
    #[must_use]
    pub fn channels(&self) -> usize {
        channels(self.modalities, self.context)
    }

    /// Whether a recipe's network takes these images and gives these classes.
    pub(super) fn fits(&self, recipe: &Recipe) -> Result<(), Error> {
        let pairs = [
            (
                "The number of input channels",
                recipe.network.in_channels,
                self.channels(),
            ),
            ("The number of classes", recipe.network.classes, self.classes),
        ];
        for (name, value, wanted) in pairs {
            if value != wanted {
                let (value, wanted) = (value as f64, wanted as f64);
                return Err(Error::Range {
                    name,
                    value,
                    low: wanted,
                    high: wanted,
                });
            }
        }
        Ok(())
    }

    /// What the training slices say to a loss.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let area = self.area();
        let slices = self.split.train.iter();
        let labels = slices.flat_map(|slice| &self.labels[*slice as usize * area..][..area]);
        Facts::count(self.classes, labels.copied())
    }

    /// Pixels of each class in each training slice, in the order of [`Split::train`].
    #[must_use]
    pub fn counts(&self) -> Vec<Vec<u32>> {
        let area = self.area();
        let count = |slice: &u32| {
            let mut counts = vec![0; self.classes];
            for label in &self.labels[*slice as usize * area..][..area] {
                if let Some(count) = counts.get_mut(*label as usize) {
                    *count += 1;
                }
            }
            counts
        };
        self.split.train.iter().map(count).collect()
    }

    /// Pixels of one slice on the grid.
    #[must_use]
    pub fn area(&self) -> usize {
        self.grid[0] * self.grid[1]
    }
}

fn is_label(label: u8, classes: usize) -> bool {
    usize::from(label) < classes || u32::from(label) == IGNORED
}

/// Channels of the network's input for so many modalities and neighbours on either side.
#[must_use]
pub fn channels(modalities: usize, context: usize) -> usize {
    modalities * (2 * context + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two subjects of different size and two channels; values tell subject, channel and slice.
    fn two() -> Dataset {
        let mut dataset = Dataset::empty(3, 2, 1, [4, 4]);
        for (subject, shape) in [(0, [4, 3, 2]), (1, [2, 2, 3])] {
            let area = shape[0] * shape[1];
            let image = |channel: usize| -> Vec<f32> {
                (0..area * shape[2])
                    .map(|i| (100 * subject + 10 * channel + i / area) as f32)
                    .collect()
            };
            let labels: Vec<u8> = (0..area * shape[2]).map(|i| (i % 3) as u8).collect();
            let images = [image(0), image(1)];
            let intensity = Intensity::between(0.0, 200.0);
            let channels = images.each_ref().map(|image| Channel { image, intensity });
            let fit = Fit::new([shape[0], shape[1]], [4, 4]);
            dataset.add(&channels, &labels, shape, fit).unwrap();
        }
        dataset
    }

    #[test]
    fn a_slice_is_found_by_either_number_and_in_no_other_subject() {
        let subjects = two().subjects;
        for (subject, placed) in subjects.iter().enumerate() {
            for own in (0..placed.slices).map(SliceOfSubject) {
                let number = placed.slice(own);
                assert_eq!(placed.slice_of_subject(number), Some(own));
                assert_eq!(subjects[1 - subject].slice_of_subject(number), None);
            }
        }
        assert_eq!(subjects[1].slice(SliceOfSubject(0)), SliceOfDataset(2));
    }

    #[test]
    fn subjects_stand_one_after_the_other() {
        let split = Split {
            train: vec![0, 1],
            validation: vec![2, 3, 4],
        };
        let dataset = two().finish(split).unwrap();
        assert_eq!((dataset.slices, dataset.channels()), (5, 6));
        assert_eq!(
            dataset.subjects.iter().map(|one| one.first).collect::<Vec<_>>(),
            [0, 2]
        );
        assert_eq!(dataset.subjects[1].ends(), [2, 4]);
        // Slice 1 of the second subject, second channel, in the middle of the grid.
        let (at, seen) = ((3 * 2 + 1) * 16 + 5, 111.0 / 200.0);
        assert!((dataset.images[at] - seen).abs() <= f32::EPSILON);
        assert_eq!(dataset.counts()[0].iter().sum::<u32>(), 16);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut dataset = two();
        let fit = Fit::new([1, 1], [4, 4]);
        assert!(matches!(
            dataset.add(&[], &[], [0, 0, 0], fit),
            Err(Error::Channels { found: 0, wanted: 2 })
        ));
        assert_eq!(
            dataset.clone().finish(Split::default()).unwrap_err(),
            Error::NothingToTrain
        );
        let split = Split {
            train: vec![5],
            validation: Vec::new(),
        };
        assert!(matches!(
            dataset.finish(split),
            Err(Error::Slice { slice: 5, slices: 5 })
        ));
    }
}
