//! What a GPU engine records: a batch, a network, a loss.

use super::{Dataset, Error, Recipe};
use crate::contour;
use crate::gpu::{self, Context, Recording, Tensor};
use crate::loss::{GpuLoss, GpuOverlap, Inputs, Parts};
use crate::net::{Draw, GpuBatch, GpuNetwork, Graph, Plan};
use crate::optim::GpuState;

/// Whom the loss's dispatches belong to in a profile.
const LOSS: &str = "loss";

/// The study's slices, contours and weights (D, …).
pub(super) struct Data {
    images: Tensor,
    /// (D, M, 2)
    scaling: Tensor,
    /// Neighbours on either side that come along as channels.
    context: usize,
    maps: Maps,
}

/// What the loss knows of a label.
pub(super) struct Maps {
    pub labels: Tensor,
    pub contour: Tensor,
    pub weight: Tensor,
}

/// One recorded walk over a batch.
pub(super) struct Walk {
    /// Slices → input of the network and what the loss knows of them.
    pub assembly: Recording,
    pub batch: GpuBatch,
    pub recording: Recording,
    pub logits: Tensor,
    pub maps: Maps,
    pub loss: GpuLoss,
    pub overlap: Option<GpuOverlap>,
}

impl Data {
    pub(super) fn new(context: &Context, recipe: &Recipe, dataset: &Dataset) -> Result<Self, Error> {
        let labels = Tensor::from_slice(context, "labels", &dataset.labels)?;
        let contour = Tensor::new(context, "contours", labels.len())?;
        let weight = Tensor::new(context, "weights", labels.len())?;
        for subject in &dataset.subjects {
            let range = subject.first * dataset.area()..(subject.first + subject.slices) * dataset.area();
            let [contour_of, weight_of] = maps(context, recipe, dataset, range.clone())?;
            context.submit(|encoder| {
                contour.copy_from(encoder, range.start, &contour_of, 0, range.len());
                weight.copy_from(encoder, range.start, &weight_of, 0, range.len());
            });
        }
        Ok(Self {
            images: Tensor::from_slice(context, "images", &dataset.images)?,
            scaling: Tensor::from_slice(context, "scaling", dataset.scaling.as_flattened())?,
            context: dataset.context,
            maps: Maps {
                labels,
                contour,
                weight,
            },
        })
    }
}

/// Contour and weight of one subject, so that no contour in the volume reaches into another one.
fn maps(
    context: &Context,
    recipe: &Recipe,
    dataset: &Dataset,
    range: std::ops::Range<usize>,
) -> Result<[Tensor; 2], Error> {
    let [width, height] = dataset.grid;
    let dims = [range.len() / dataset.area(), height, width];
    let values = &dataset.labels[range];
    let labels = Tensor::from_slice(context, "subject labels", values)?;
    let mut recording = Recording::new(context);
    let contour = contour::Plan::record(&mut recording, &labels, dims, &recipe.contour)?.contour;
    let weighting = recipe.loss.weighting();
    let map = contour::WeightMap::record(&mut recording, values, &contour, dims, &weighting)?;
    context.submit(|encoder| recording.replay(encoder));
    Ok([contour, map.weight])
}

impl Walk {
    pub(super) fn training(
        context: &Context,
        recipe: &Recipe,
        graph: &Graph,
        parts: &Parts,
        data: &Data,
        [parameters, gradients]: [&Tensor; 2],
    ) -> Result<(Self, GpuState), Error> {
        let mut recording = Recording::new(context);
        recording.clear(gradients);
        let plan = Plan::training(graph, recipe.batch, context.choices());
        let network = GpuNetwork::record_forward(&mut recording, graph, plan, parameters)?;
        let moved = recipe.augmentation.moves().then_some(recipe);
        let (assembly, batch, maps) = assemble(context, &network, data, moved)?;
        let (logits, shape) = (network.logits(), network.logits_shape());
        let loss = network.record_backward(&mut recording, gradients, |recording, dlogits| {
            recording.scope(LOSS);
            GpuLoss::record(recording, maps.inputs(&logits, shape), dlogits, parts)
        })?;
        recording.scope("optimiser");
        let optimiser = GpuState::record(
            &mut recording,
            parameters,
            gradients,
            recipe.optimiser,
            recipe.regimen.options(graph.frozen_len()),
        )?;
        let walk = Self {
            assembly,
            batch,
            recording,
            logits,
            maps,
            loss,
            overlap: None,
        };
        Ok((walk, optimiser))
    }

    pub(super) fn inference(
        context: &Context,
        graph: &Graph,
        parts: &Parts,
        data: &Data,
        parameters: &Tensor,
        images: usize,
    ) -> Result<Self, Error> {
        let mut recording = Recording::new(context);
        let plan = Plan::inference(graph, images, context.choices());
        let network = GpuNetwork::record_forward(&mut recording, graph, plan, parameters)?;
        let (assembly, batch, maps) = assemble(context, &network, data, None)?;
        let (logits, shape) = (network.logits(), network.logits_shape());
        recording.scope(LOSS);
        let loss = GpuLoss::record_forward(&mut recording, maps.inputs(&logits, shape), parts)?;
        let overlap = GpuOverlap::record(&mut recording, &logits, &maps.labels, shape)?;
        Ok(Self {
            assembly,
            batch,
            recording,
            logits,
            maps,
            loss,
            overlap: Some(overlap),
        })
    }

    /// Assembles the batch and runs the walk.
    pub(super) fn record(&self, encoder: &mut gpu::Encoder, context: &Context, draws: &[Draw]) {
        self.assemble(encoder, context, draws);
        self.recording.replay(encoder);
    }

    pub(super) fn assemble(&self, encoder: &mut gpu::Encoder, context: &Context, draws: &[Draw]) {
        self.batch.set(context, draws);
        self.assembly.replay(encoder);
    }
}

/// Records slices → batch. If they are `moved`, contour and weight are worked out from the moved labels.
fn assemble(
    context: &Context,
    network: &GpuNetwork,
    data: &Data,
    moved: Option<&Recipe>,
) -> Result<(Recording, GpuBatch, Maps), Error> {
    let (mut recording, input) = (Recording::new(context), network.input());
    let [images, _, height, width] = network.logits_shape();
    let pixels = images * height * width;
    let channels = input.len() / pixels;
    let shape = [images, channels / (2 * data.context + 1), height, width];
    let labels = Tensor::new(context, "batch labels", pixels)?;
    let study = [&data.images, &data.maps.labels, &data.scaling];
    let batch = GpuBatch::record(&mut recording, [&input, &labels], study, shape, data.context)?;
    let [contour, weight] = if let Some(recipe) = moved {
        let dims = [images, height, width];
        let contour = contour::Plan::record(&mut recording, &labels, dims, &recipe.contour)?.contour;
        // Only objects would be found in the labels; a recipe that asks for them moves nothing.
        let unread = vec![0; pixels];
        let weighting = recipe.loss.weighting();
        let map = contour::WeightMap::record(&mut recording, &unread, &contour, dims, &weighting)?;
        [contour, map.weight]
    } else {
        let contour = Tensor::new(context, "batch contour", pixels)?;
        let weight = Tensor::new(context, "batch weight", pixels)?;
        let study = [&data.maps.contour, &data.maps.weight];
        batch.record_maps(&mut recording, [&contour, &weight], study);
        [contour, weight]
    };
    let maps = Maps {
        labels,
        contour,
        weight,
    };
    Ok((recording, batch, maps))
}

impl Maps {
    fn inputs<'a>(&'a self, logits: &'a Tensor, shape: [usize; 4]) -> Inputs<'a> {
        Inputs {
            logits,
            labels: &self.labels,
            contour: &self.contour,
            weight: &self.weight,
            shape,
        }
    }
}
