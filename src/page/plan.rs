//! Everything that decides a run, and what can be said before it starts.

use std::sync::Arc;

use super::{Study, bytes};
use crate::engine::Processor;
use crate::lab::Cohort;
use crate::net::{Difference, Graph, differences};
use crate::plan::{MOST_BYTES, Oversize, PATCHES, SIZES, Settings, Shipped, Start, Work, fits};
use crate::train::{Extent, Needs, Recipe};
use crate::{contour, loss};

/// The state of the page as far as it decides a run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub cohort: Arc<Cohort>,
    /// What is on screen meanwhile.
    pub study: Arc<Study>,
    pub settings: Settings,
    pub contour: contour::Choice,
    pub loss: loss::Params,
    pub processor: Processor,
}

/// Two plans are the same if they give the same run.
impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.cohort == other.cohort
            && self.settings == other.settings
            && self.contour == other.contour
            && self.loss == other.loss
            && self.processor == other.processor
    }
}

/// What is known of a run before it starts.
#[derive(Clone, Debug)]
pub struct Outlook {
    pub recipe: Recipe,
    /// Of a training step.
    pub graph: Graph,
    /// Memory of the run, roughly.
    pub bytes: u64,
    /// What it computes.
    pub work: Work,
}

impl PartialEq for Outlook {
    fn eq(&self, other: &Self) -> bool {
        self.recipe == other.recipe && self.bytes == other.bytes
    }
}

impl Plan {
    /// # Errors
    /// A sentence for the first setting with which nothing can be trained.
    pub fn outlook(&self) -> Result<Outlook, String> {
        let Settings { size, .. } = self.settings;
        let mut recipe = self
            .settings
            .recipe(self.classes(), self.contour, self.loss.clone())?;
        recipe.network.in_channels = self.cohort.in_channels();
        // Only a graphics adapter has 16 bits.
        recipe.half_activations &= self.processor == Processor::Gpu;
        let split = self.cohort.split();
        let (slices, channels) = (self.cohort.slices(), self.cohort.channels.len());
        let data = self.extent();
        let needs = recipe.needs(&data).map_err(|error| error.to_string())?;
        let work = Work::of(&recipe, &data).map_err(|error| error.to_string())?;
        if split.train.is_empty() {
            return Err(crate::train::Error::NothingToTrain.to_string());
        }
        if self.settings.start == Start::Shipped {
            let channels = self.cohort.in_channels();
            Shipped::nearest(size).fit(&self.settings, channels, self.classes())?;
        }
        if let Start::File { name, .. } = &self.settings.start
            && !self.differences()?.is_empty()
        {
            return Err(format!(
                "{name} does not fit the network. What differs stands under Settings, Start from; choose the network it was trained with, or random weights."
            ));
        }
        let is_gpu = self.processor == Processor::Gpu;
        let oversize = fits(&needs, &data).err().filter(|_| is_gpu);
        if let Some(Oversize::Piece(piece)) = oversize {
            let [width, height] = piece.size;
            return Err(format!(
                "A batch of {} at {width} × {height} pixels needs {} in one piece, and a graphics card is only asked for {}. \
                 Choose a smaller image size or batch, or smaller patches.",
                piece.images,
                bytes(piece.bytes as usize),
                bytes(MOST_BYTES)
            ));
        }
        if let Some(Oversize::Images(images)) = oversize {
            return Err(format!(
                "{slices} slices of {channels} channels at {size} × {size} pixels take {}, and a graphics card is only asked \
                 for {} in one piece. Choose a smaller image size, or leave subjects out.",
                bytes(images),
                bytes(MOST_BYTES)
            ));
        }
        let Needs { graph, bytes, .. } = needs;
        Ok(Outlook {
            recipe,
            graph,
            bytes,
            work,
        })
    }

    /// The size of its data set.
    pub fn extent(&self) -> Extent {
        let size = self.settings.size;
        Extent {
            grid: [size, size],
            slices: self.cohort.slices(),
            modalities: self.cohort.channels.len(),
            validation: self.cohort.split().validation.len(),
        }
    }

    /// The settings nearest to these with which a run would fit, where only its size is in the way: a smaller image, a
    /// smaller batch, and patches; with what they say on a button.
    pub fn proposals(&self) -> Vec<(String, Settings)> {
        if self.outlook().is_ok() {
            return Vec::new();
        }
        let fits = |settings: &Settings| {
            let settings = settings.clone();
            Self {
                settings,
                ..self.clone()
            }
            .outlook()
            .is_ok()
        };
        let now = &self.settings;
        let smaller = SIZES.into_iter().rev().filter(|size| *size < now.size);
        let sizes = smaller.map(|size| Settings { size, ..now.clone() });
        let halves = std::iter::successors(Some(now.batch / 2.0), |batch| Some(batch / 2.0));
        let halves = halves.map(f64::floor).take_while(|batch| *batch >= 1.0);
        let batches = halves.map(|batch| Settings { batch, ..now.clone() });
        let size = sizes.into_iter().find(fits).map(|settings| {
            let size = settings.size;
            (format!("Use {size} × {size} pixels"), settings)
        });
        let batch = batches.into_iter().find(fits);
        let batch = batch.map(|settings| (format!("Use a batch of {}", settings.batch), settings));
        let least = now.patch.unwrap_or(now.size);
        let smaller = PATCHES.into_iter().rev().filter(|(patch, _)| *patch < least);
        let patches = smaller.map(|(patch, _)| Settings {
            patch: Some(patch),
            ..now.clone()
        });
        let patch = patches.into_iter().find(fits).map(|settings| {
            let patch = settings.patch.unwrap_or(least);
            (format!("Use patches of {patch} × {patch} pixels"), settings)
        });
        size.into_iter().chain(batch).chain(patch).collect()
    }

    /// In what the visitor's file of weights differs from the network; in nothing if there is no file.
    ///
    /// # Errors
    /// In words, when it is no file of weights, or there is no such network.
    pub fn differences(&self) -> Result<Vec<Difference>, String> {
        let Start::File { bytes, .. } = &self.settings.start else {
            return Ok(Vec::new());
        };
        let mut network = self.settings.network(self.classes());
        network.in_channels = self.cohort.in_channels();
        let graph = network.graph(self.settings.size, self.settings.size);
        let found = graph.and_then(|graph| differences(&graph, bytes));
        found.map_err(|error| error.to_string())
    }

    fn classes(&self) -> usize {
        self.cohort.table.classes().len()
    }
}
