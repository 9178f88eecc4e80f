//! The arithmetic of a session on the GPU.

use std::future::Future;
use std::pin::Pin;

use super::engine::{Answer, Engine, Moment, Outcome, pooled};
use super::schedule::Schedule;
use super::{Augmentation, Dataset, Error, Recipe};
use crate::contour;
use crate::gpu::{Context, Readback, Recording, Ring, Tensor};
use crate::loss::{Given, GpuLoss, GpuOverlap, Inputs, Parts, Terms};
use crate::net::{Draw, GpuBatch, GpuNetwork, Graph, Plan};
use crate::optim::GpuState;

/// Everything a run needs on the device, made once. A step records one encoder and submits it.
pub(super) struct GpuEngine {
    context: Context,
    ring: Ring<(Moment, Asked)>,
    parameters: Tensor,
    optimiser: GpuState,
    schedule: Schedule,
    learning_rate: f64,
    classes: usize,
    /// H, W.
    grid: [usize; 2],
    chunk: usize,
    training: Walk,
    validation: Walk,
    shown: Walk,
    augmentation: Augmentation,
    seed: u64,
}

/// What a readback answers.
enum Asked {
    Step,
    Validation,
    Prediction { slice: u32 },
    Shown { slice: u32 },
    Weights,
}

/// The study's slices, contours and weights (D, …).
struct Data {
    images: Tensor,
    maps: Maps,
}

/// What the loss knows of a label.
struct Maps {
    labels: Tensor,
    contour: Tensor,
    weight: Tensor,
}

/// One recorded walk over a batch.
struct Walk {
    /// Slices → input of the network and what the loss knows of them.
    assembly: Recording,
    batch: GpuBatch,
    recording: Recording,
    logits: Tensor,
    maps: Maps,
    loss: GpuLoss,
    overlap: Option<GpuOverlap>,
}

impl GpuEngine {
    pub(super) fn new(
        context: &Context,
        recipe: &Recipe,
        graph: &Graph,
        dataset: &Dataset,
        chunk: usize,
    ) -> Result<Self, Error> {
        let data = Data::new(context, recipe, dataset)?;
        let parameters = Tensor::new(context, "parameters", graph.arena_len())?;
        let gradients = Tensor::new(context, "gradients", graph.arena_len())?;
        let schedule = Schedule::new(recipe, dataset);
        let parts = &schedule.parts(0);
        let (training, optimiser) =
            Walk::training(context, recipe, graph, parts, &data, [&parameters, &gradients])?;
        let inference = |images| Walk::inference(context, graph, parts, &data, &parameters, images);
        Ok(Self {
            ring: Ring::new(context),
            context: context.clone(),
            optimiser,
            schedule,
            learning_rate: recipe.optimiser.learning_rate(),
            classes: recipe.network.classes,
            grid: [dataset.fit.grid[1], dataset.fit.grid[0]],
            chunk,
            training,
            validation: inference(chunk)?,
            shown: inference(1)?,
            augmentation: recipe.augmentation,
            seed: recipe.seed,
            parameters,
        })
    }

    fn understand(&self, ((moment, asked), words): Readback<(Moment, Asked)>) -> Outcome {
        let answer = words
            .map_err(|error| Error::Gpu(self.context.fault().unwrap_or(error)))
            .map(|words| {
                let terms = |words: &[u32]| {
                    let widened: Vec<f64> = words
                        .iter()
                        .map(|word| f64::from(f32::from_bits(*word)))
                        .collect();
                    Terms::from_slice(&widened)
                };
                match asked {
                    Asked::Step => Answer::Step(terms(&words)),
                    Asked::Validation => {
                        let (head, counts) = words.split_at(Terms::<f32>::LEN);
                        Answer::Validation(terms(head), pooled(counts, self.classes))
                    }
                    Asked::Prediction { slice } => Answer::Prediction { slice, labels: words },
                    Asked::Shown { slice } => {
                        let [height, width] = self.grid;
                        let (labels, rest) = words.split_at(height * width);
                        let (reference, rest) = rest.split_at(height * width);
                        let (contour, logits) = rest.split_at(height * width);
                        let given = Given {
                            logits: bytemuck::cast_slice(logits).to_vec(),
                            labels: reference.to_vec(),
                            contour: contour.to_vec(),
                            shape: [1, self.classes, height, width],
                        };
                        Answer::Shown {
                            slice,
                            labels: labels.to_vec(),
                            given,
                        }
                    }
                    Asked::Weights => Answer::Weights(bytemuck::cast_slice(&words).to_vec()),
                }
            });
        (moment, answer)
    }
}

impl Data {
    fn new(context: &Context, recipe: &Recipe, dataset: &Dataset) -> Result<Self, Error> {
        let [width, height] = dataset.fit.grid;
        let labels = Tensor::from_slice(context, "labels", &dataset.labels)?;
        let mut recording = Recording::new(context);
        let dims = [dataset.slices, height, width];
        let plan = contour::Plan::record(&mut recording, &labels, dims, &recipe.contour)?;
        let weighting = recipe.loss.weighting();
        let map =
            contour::WeightMap::record(&mut recording, &dataset.labels, &plan.contour, dims, &weighting)?;
        context.submit(|encoder| recording.replay(encoder));
        Ok(Self {
            images: Tensor::from_slice(context, "images", &dataset.images)?,
            maps: Maps {
                labels,
                contour: plan.contour,
                weight: map.weight,
            },
        })
    }
}

impl Walk {
    fn training(
        context: &Context,
        recipe: &Recipe,
        graph: &Graph,
        parts: &Parts,
        data: &Data,
        [parameters, gradients]: [&Tensor; 2],
    ) -> Result<(Self, GpuState), Error> {
        let mut recording = Recording::new(context);
        recording.clear(gradients);
        let plan = Plan::training(graph, recipe.batch);
        let network = GpuNetwork::record_forward(&mut recording, graph, plan, parameters)?;
        let moved = recipe.augmentation.moves().then_some(recipe);
        let (assembly, batch, maps) = assemble(context, &network, data, moved)?;
        let (logits, shape) = (network.logits(), network.logits_shape());
        let loss = network.record_backward(&mut recording, gradients, |recording, dlogits| {
            GpuLoss::record(recording, maps.inputs(&logits, shape), dlogits, parts)
        })?;
        let optimiser = GpuState::record(&mut recording, parameters, gradients, recipe.optimiser)?;
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

    fn inference(
        context: &Context,
        graph: &Graph,
        parts: &Parts,
        data: &Data,
        parameters: &Tensor,
        images: usize,
    ) -> Result<Self, Error> {
        let mut recording = Recording::new(context);
        let plan = Plan::inference(graph, images);
        let network = GpuNetwork::record_forward(&mut recording, graph, plan, parameters)?;
        let (assembly, batch, maps) = assemble(context, &network, data, None)?;
        let (logits, shape) = (network.logits(), network.logits_shape());
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
    fn record(&self, encoder: &mut wgpu::CommandEncoder, context: &Context, draws: &[Draw]) {
        self.batch.set(context, draws);
        self.assembly.replay(encoder);
        self.recording.replay(encoder);
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
    let shape = [images, input.len() / pixels, height, width];
    let labels = Tensor::new(context, "batch labels", pixels)?;
    let study = [&data.images, &data.maps.labels];
    let batch = GpuBatch::record(&mut recording, [&input, &labels], study, shape)?;
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

fn plain(slices: &[u32]) -> Vec<Draw> {
    slices.iter().map(|slice| Draw::plain(*slice)).collect()
}

impl Engine for GpuEngine {
    fn step(&mut self, moment: Moment, slices: &[u32]) {
        self.optimiser.advance(self.learning_rate);
        if let Some(parts) = self.schedule.changed(moment.step) {
            self.training.loss.set(&parts);
        }
        let grid = [self.grid[1], self.grid[0]];
        let draws = self.augmentation.draws(self.seed, moment.step, slices, grid);
        let Self {
            ring,
            training,
            context,
            ..
        } = self;
        ring.submit((moment, Asked::Step), &[&training.loss.terms], |encoder| {
            training.record(encoder, context, &draws);
        });
    }

    fn validate(&mut self, moment: Moment, slices: &[u32]) {
        if let Some(parts) = self.schedule.changed(moment.step) {
            self.validation.loss.set(&parts);
        }
        let Self {
            ring,
            validation,
            context,
            ..
        } = self;
        let counts = &validation
            .overlap
            .as_ref()
            .expect("recorded with its overlap")
            .counts;
        ring.submit(
            (moment, Asked::Validation),
            &[&validation.loss.terms, counts],
            |encoder| {
                validation.record(encoder, context, &plain(slices));
            },
        );
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn predict(&mut self, moment: Moment, slice: u32) {
        let Self {
            ring, shown, context, ..
        } = self;
        let labels = &shown
            .overlap
            .as_ref()
            .expect("recorded with its overlap")
            .prediction;
        ring.submit((moment, Asked::Prediction { slice }), &[labels], |encoder| {
            shown.record(encoder, context, &plain(&[slice]));
        });
    }

    fn show(&mut self, moment: Moment, slice: u32) {
        let Self {
            ring, shown, context, ..
        } = self;
        let overlap = shown.overlap.as_ref().expect("recorded with its overlap");
        let Maps { labels, contour, .. } = &shown.maps;
        let asked = [&overlap.prediction, labels, contour, &shown.logits];
        ring.submit((moment, Asked::Shown { slice }), &asked, |encoder| {
            shown.record(encoder, context, &plain(&[slice]));
        });
    }

    fn read_weights(&mut self, moment: Moment) {
        self.ring
            .submit((moment, Asked::Weights), &[&self.parameters], |_| {});
    }

    fn restart(&mut self, arena: &[f32]) {
        self.parameters.write(&self.context, arena);
        self.optimiser.reset(&self.context);
    }

    fn in_flight(&self) -> usize {
        self.ring.in_flight()
    }

    fn try_next(&mut self) -> Option<Outcome> {
        let readback = self.ring.try_next()?;
        Some(self.understand(readback))
    }

    fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<Outcome>> + '_>> {
        Box::pin(async {
            let readback = self.ring.next().await?;
            Some(self.understand(readback))
        })
    }
}
