//! Everything that decides a run, and what can be said before it starts.

use std::sync::Arc;

use super::settings::{Intensities, Settings, Start};
use crate::gpu::Context;
use crate::net::{Difference, Graph, Kind, differences, read_safetensors};
use crate::train::{Dataset, Recipe, Session, Source, Split};
use crate::ui::browser;
use crate::ui::study::{Modality, Study};
use crate::ui::viewer::Window;
use crate::{contour, loss};

/// The file of pretrained weights, relative to the page.
pub const SHIPPED: &str = "weights/unet_w16_d4_abdomen_ct_a.safetensors";
/// Its card.
pub const SHIPPED_CARD: &str = "weights/README.md";
/// Width, depth and classes of the network that the file belongs to.
pub const SHIPPED_FOR: [usize; 3] = [16, 4, 15];

/// Who does the arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    Gpu,
    Cpu,
}

/// The state of the page as far as it decides a run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub study: Arc<Study>,
    pub settings: Settings,
    pub contour: contour::Choice,
    pub loss: loss::Params,
    /// The intensities that become 0 and 1.
    pub window: [f32; 2],
    pub processor: Processor,
}

/// Two plans are the same if they give the same run.
impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.study, &other.study)
            && self.settings == other.settings
            && self.contour == other.contour
            && self.loss == other.loss
            && self.window == other.window
            && self.processor == other.processor
    }
}

/// What is known of a run before it starts.
#[derive(Clone, Debug)]
pub struct Outlook {
    pub recipe: Recipe,
    pub graph: Graph,
    /// Memory of the run, roughly.
    pub bytes: u64,
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
        let classes = self.study.classes.len();
        let recipe = self.settings.recipe(classes, self.contour, self.loss.clone())?;
        let graph = recipe.graph(size, size).map_err(|error| error.to_string())?;
        if self.study.split.train.is_empty() {
            return Err(crate::train::Error::NothingToTrain.to_string());
        }
        if self.settings.start == Start::Shipped {
            shipped_fit(&self.settings, classes)?;
        }
        if let Start::File { name, .. } = &self.settings.start
            && !self.differences()?.is_empty()
        {
            return Err(format!(
                "{name} does not fit the network. What differs stands under Settings, Start from; choose the network it was trained with, or random weights."
            ));
        }
        // Image, label, contour and weight of each slice: four numbers of four bytes a pixel.
        let data = (16 * size * size * self.study.shape[2]) as u64;
        let averaged = recipe
            .regimen
            .averaging
            .map_or(0, |_| 4 * graph.arena_len() as u64);
        let bytes = graph.training_bytes(recipe.batch) + averaged + data;
        Ok(Outlook { recipe, graph, bytes })
    }

    /// Whether the weights that come with the page could be started from.
    pub fn fits_shipped(&self) -> bool {
        shipped_fit(&self.settings, self.study.classes.len()).is_ok()
    }

    /// In what the visitor's file of weights differs from the network; in nothing if there is no file.
    ///
    /// # Errors
    /// In words, when it is no file of weights, or there is no such network.
    pub fn differences(&self) -> Result<Vec<Difference>, String> {
        let Start::File { bytes, .. } = &self.settings.start else {
            return Ok(Vec::new());
        };
        let network = self.settings.network(self.study.classes.len());
        let graph = network.graph(self.settings.size, self.settings.size);
        let found = graph.and_then(|graph| differences(&graph, bytes));
        found.map_err(|error| error.to_string())
    }

    /// The slices on the network's grid.
    ///
    /// # Errors
    /// In words, when image, labels and split do not go together.
    pub fn dataset(&self) -> Result<Dataset, String> {
        let numbers = |slices: &[usize]| slices.iter().map(|slice| *slice as u32).collect();
        let split = Split {
            train: numbers(&self.study.split.train),
            validation: numbers(&self.study.split.validation),
        };
        let source = Source {
            image: &self.study.values,
            labels: &self.study.labels,
            shape: self.study.shape,
            classes: self.study.classes.len(),
            window: self.window,
        };
        let size = self.settings.size;
        Dataset::new(source, [size, size], Some(split)).map_err(|error| error.to_string())
    }

    /// The weights to start from, if not the seed's.
    ///
    /// # Errors
    /// In words, when the file does not arrive or does not fit.
    pub async fn weights(&self, graph: &Graph) -> Result<Option<Vec<f32>>, String> {
        let read = |bytes: &[u8]| read_safetensors(graph, bytes).map_err(|error| error.to_string());
        match &self.settings.start {
            Start::Random => Ok(None),
            Start::Shipped => read(&browser::fetch(SHIPPED).await?).map(Some),
            Start::File { bytes, .. } => read(bytes).map(Some),
        }
    }

    /// # Errors
    /// In words, when the recipe does not fit the data, the weights or the adapter.
    pub fn session(
        &self,
        recipe: Recipe,
        dataset: &Dataset,
        weights: Option<Vec<f32>>,
        context: Option<&Context>,
    ) -> Result<Session, String> {
        match context {
            Some(context) => Session::on_gpu(context, recipe, dataset, weights),
            None => Session::on_cpu::<f32>(recipe, dataset, weights),
        }
        .map_err(|error| error.to_string())
    }
}

/// Whether the shipped weights go with these settings.
///
/// # Errors
/// In words, what would have to be different.
pub fn shipped_fit(settings: &Settings, classes: usize) -> Result<(), String> {
    let [width, depth, wanted] = SHIPPED_FOR;
    if classes != wanted {
        Err(format!(
            "The shipped weights tell {wanted} classes apart, and this study has {classes}. Start from random weights, or open the sample Abdomen CT A."
        ))
    } else if settings.kind != Kind::Plain || [settings.width, settings.depth] != [width, depth] {
        Err(format!(
            "The shipped weights belong to a UNet {width} wide and {depth} deep. Choose that network, width and depth, or start from random weights."
        ))
    } else {
        Ok(())
    }
}

/// The intensities that become 0 and 1.
pub fn window(study: &Study, choice: Intensities, viewer: Window) -> [f32; 2] {
    match (choice, study.modality) {
        (Intensities::Viewer, _) => viewer.ends(),
        (Intensities::Usual, Modality::Ct) => Window::SOFT_TISSUE.ends(),
        (Intensities::Usual, Modality::Other) => study.automatic.ends(),
    }
}
