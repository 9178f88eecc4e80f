//! One of those who share the images of a batch: it knows the slices, and has a network for each of its images.

use super::engine::Graphs;
use super::schedule::Schedule;
use super::slices::{Maps, Slices};
use super::task::{Gradient, Judged, Share, Task};
use super::{Dataset, Error, Recipe, Windows};
use crate::cpu::for_each_image;
use crate::loss::Parts;
use crate::loss::image::{ImageInputs, ImageLoss, ImageSums};
use crate::loss::overlap;
use crate::net::{Draw, Graph, ImageNetwork, ImageWeights};

/// The data and networks of one thread, or natively of all.
pub struct Member {
    data: Slices<f32>,
    schedule: Schedule,
    /// Pixels around a window of which its contour is worked out, if slices move.
    moved: Option<usize>,
    graphs: Graphs,
    weights: ImageWeights,
    judged: ImageWeights,
    training: Vec<Image>,
    whole: Vec<Image>,
    /// Training images under way, by their number in the batch, and the loss of their step.
    batch: Vec<usize>,
    parts: Option<Parts>,
}

/// An image with all that is worked out of it.
struct Image {
    network: ImageNetwork,
    loss: ImageLoss,
    maps: Option<Maps<f32>>,
    sums: ImageSums,
    gradient: Vec<f32>,
}

impl Image {
    fn new(graph: &Graph, trains: bool) -> Self {
        Self {
            network: ImageNetwork::new(graph, trains),
            loss: ImageLoss::default(),
            maps: None,
            sums: ImageSums::default(),
            gradient: vec![0.0; if trains { graph.arena_len() } else { 0 }],
        }
    }

    /// From a draw to what it adds to the sums of its batch.
    fn forward(
        &mut self,
        data: &Slices<f32>,
        draw: &Draw,
        moved: Option<usize>,
        weights: &ImageWeights,
        parts: &Parts,
    ) {
        let size = self.network.image_size();
        let maps = data.load(self.network.input_mut(), size, std::slice::from_ref(draw), moved);
        self.network.forward(weights);
        self.sums = self.loss.sums(&inputs(self.network.logits(), &maps), parts);
        self.maps = Some(maps);
    }

    fn backward(&mut self, weights: &ImageWeights, parts: &Parts, coefficients: &[f32], number: usize) {
        let Some(maps) = &self.maps else { return };
        // The gradient is written where the logits are not, but both belong to the network.
        let mut dlogits = vec![0.0; self.network.logits().len()];
        let inputs = inputs(self.network.logits(), maps);
        self.loss
            .gradient(&mut dlogits, &inputs, parts, coefficients, number);
        self.network.dlogits_mut().copy_from_slice(&dlogits);
        self.network.backward(weights, &mut self.gradient);
    }

    fn judged(&self) -> Judged {
        let counts = self.maps.as_ref().map_or_else(Vec::new, |maps| {
            let (_, counts) = overlap(self.network.logits(), &maps.labels, maps.shape);
            counts
        });
        Judged {
            sums: self.sums.clone(),
            counts,
        }
    }
}

fn inputs<'a>(logits: &'a [f32], maps: &'a Maps<f32>) -> ImageInputs<'a> {
    ImageInputs {
        logits,
        labels: &maps.labels,
        contour: &maps.contour,
        weight: &maps.weight,
        size: [maps.shape[2], maps.shape[3]],
    }
}

impl Member {
    /// # Errors
    /// When the recipe means nothing or does not fit the data.
    pub fn new(recipe: &Recipe, dataset: &Dataset) -> Result<Self, Error> {
        let [width, height] = dataset.grid;
        let graphs = Graphs {
            training: recipe.training_graph(height, width)?,
            whole: recipe.graph(height, width)?,
        };
        if graphs.training.halves {
            return Err(Error::NoHalves);
        }
        let rim = Windows::of(recipe, dataset)?.rim();
        Ok(Self {
            data: Slices::new(recipe, dataset),
            schedule: Schedule::new(recipe, dataset),
            moved: recipe.augmentation.moves().then_some(rim),
            weights: ImageWeights::new(&graphs.training),
            judged: ImageWeights::new(&graphs.whole),
            graphs,
            training: Vec::new(),
            whole: Vec::new(),
            batch: Vec::new(),
            parts: None,
        })
    }

    /// Does what it is asked to do.
    pub fn serve(&mut self, task: Task) -> Share {
        match task {
            Task::Forward {
                weights,
                step,
                images,
            } => Share::Sums(self.forward(&weights, step, &images)),
            Task::Backward { coefficients } => {
                self.backward(&coefficients);
                let copies = self.gradients().map(|gradient| Gradient(gradient.to_vec()));
                Share::Gradients(copies.collect())
            }
            Task::Judge {
                weights,
                step,
                images,
            } => {
                if !weights.is_empty() {
                    self.set_judged(&weights);
                }
                Share::Judged(self.judge(step, &images))
            }
        }
    }

    pub(super) fn forward(&mut self, weights: &[f32], step: u64, images: &[(usize, Draw)]) -> Vec<ImageSums> {
        self.weights.set(&self.graphs.training, weights, true);
        let parts = self.schedule.parts(step);
        while self.training.len() < images.len() {
            self.training.push(Image::new(&self.graphs.training, true));
        }
        let own = &mut self.training[..images.len()];
        let (data, moved, weights) = (&self.data, self.moved, &self.weights);
        for_each_image(own, |index, image| {
            image.forward(data, &images[index].1, moved, weights, &parts);
        });
        self.batch = images.iter().map(|(number, _)| *number).collect();
        self.parts = Some(parts);
        own.iter().map(|image| image.sums.clone()).collect()
    }

    /// Works out the gradients of the images of the last [`Member::forward`].
    pub(super) fn backward(&mut self, coefficients: &[f32]) {
        if let Some(parts) = &self.parts {
            let (weights, batch) = (&self.weights, &self.batch);
            for_each_image(&mut self.training[..batch.len()], |index, image| {
                image.backward(weights, parts, coefficients, batch[index]);
            });
        }
    }

    /// The gradient arena of each of these images.
    pub(super) fn gradients(&self) -> impl Iterator<Item = &[f32]> {
        let own = &self.training[..self.batch.len()];
        own.iter().map(|image| image.gradient.as_slice())
    }

    /// The loss of a step.
    pub(super) fn parts(&self, step: u64) -> Parts {
        self.schedule.parts(step)
    }

    /// Of an image of the whole network, and of one of a training step.
    pub(super) fn pixels(&self) -> [usize; 2] {
        [&self.graphs.whole, &self.graphs.training].map(|graph| {
            let [_, height, width] = graph.shapes[graph.input];
            height * width
        })
    }

    /// The weights with which whole slices are predicted from now on.
    pub(super) fn set_judged(&mut self, weights: &[f32]) {
        self.judged.set(&self.graphs.whole, weights, false);
    }

    pub(super) fn judge(&mut self, step: u64, images: &[(usize, Draw)]) -> Vec<Judged> {
        self.see(step, images);
        self.whole[..images.len()].iter().map(Image::judged).collect()
    }

    /// Classes of one slice, and what its loss is given.
    pub(super) fn predict(&mut self, step: u64, draw: Draw) -> (Vec<u32>, &[f32], &Maps<f32>) {
        self.see(step, &[(0, draw)]);
        let image = &self.whole[0];
        let maps = image.maps.as_ref().expect("an image that was seen has maps");
        let (labels, _) = overlap(image.network.logits(), &maps.labels, maps.shape);
        (labels, image.network.logits(), maps)
    }

    fn see(&mut self, step: u64, images: &[(usize, Draw)]) {
        let parts = self.schedule.parts(step);
        while self.whole.len() < images.len() {
            self.whole.push(Image::new(&self.graphs.whole, false));
        }
        let (data, weights) = (&self.data, &self.judged);
        for_each_image(&mut self.whole[..images.len()], |index, image| {
            image.forward(data, &images[index].1, None, weights, &parts);
        });
    }
}
