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
    /// H, W.
    grid: [usize; 2],
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

/// What moves slices, and the pixels around a window of which its contour is worked out; `None` where nothing moves.
pub(super) type Moved<'a> = Option<(&'a Recipe, usize)>;

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
            grid: [dataset.grid[1], dataset.grid[0]],
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
        (data, moved): (&Data, Moved<'_>),
        [parameters, gradients]: [&Tensor; 2],
    ) -> Result<(Self, GpuState), Error> {
        let mut recording = Recording::new(context);
        recording.clear(gradients);
        let plan = Plan::training(graph, recipe.batch, context.choices());
        let network = GpuNetwork::record_forward(&mut recording, graph, plan, parameters)?;
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
    moved: Moved<'_>,
) -> Result<(Recording, GpuBatch, Maps), Error> {
    let (mut recording, input) = (Recording::new(context), network.input());
    let [images, _, height, width] = network.logits_shape();
    let channels = input.len() / (images * height * width);
    let rim = moved.map_or(0, |(_, rim)| rim);
    let dims = [images, height + 2 * rim, width + 2 * rim];
    let pixels: usize = dims.iter().product();
    let seen = if rim == 0 {
        input.clone()
    } else {
        Tensor::new(context, "rimmed images", channels * pixels)?
    };
    let labels = Tensor::new(context, "batch labels", pixels)?;
    let study = [&data.images, &data.maps.labels, &data.scaling];
    let shape = [images, channels / (2 * data.context + 1), dims[1], dims[2]];
    let to = [&seen, &labels];
    let batch = GpuBatch::record(&mut recording, to, study, shape, data.grid, data.context)?;
    let [contour, weight] = if let Some((recipe, _)) = moved {
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
    let mut maps = Maps {
        labels,
        contour,
        weight,
    };
    if rim > 0 {
        let shape = [images, channels, height, width];
        maps = maps.cut(context, &mut recording, [&seen, &input], shape, rim)?;
    }
    Ok((recording, batch, maps))
}

impl Maps {
    /// Cuts a rim off: of `seen` only `input` (N, C, H, W) is left, and the maps of that.
    fn cut(
        &self,
        context: &Context,
        recording: &mut Recording,
        [seen, input]: [&Tensor; 2],
        shape: [usize; 4],
        rim: usize,
    ) -> Result<Self, Error> {
        let [images, channels, height, width] = shape;
        let pixels = images * height * width;
        let cut = Self {
            labels: Tensor::new(context, "cut labels", pixels)?,
            contour: Tensor::new(context, "cut contour", pixels)?,
            weight: Tensor::new(context, "cut weight", pixels)?,
        };
        let scaling = Tensor::from_slice(context, "no scaling", &[1.0_f32, 0.0].repeat(images * channels))?;
        let (to, from) = ([input, &cut.labels], [seen, &self.labels, &scaling]);
        let extent = [height + 2 * rim, width + 2 * rim];
        let batch = GpuBatch::record(recording, to, from, shape, extent, 0)?;
        batch.record_maps(
            recording,
            [&cut.contour, &cut.weight],
            [&self.contour, &self.weight],
        );
        let inner = |image: usize| Draw::plain(image as u32).further([rim as i64; 2]);
        batch.set(context, &(0..images).map(inner).collect::<Vec<_>>());
        Ok(cut)
    }

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
