//! The arithmetic of a session on the GPU.

use super::engine::{Answer, Engine, Moment, Outcome, Waiting, pooled};
use super::schedule::Schedule;
use super::{Dataset, Error, Recipe};
use crate::contour;
use crate::gpu::{self, Context, Profile, Readback, Recording, Ring, Tensor};
use crate::loss::{Given, GpuLoss, GpuOverlap, Inputs, Parts, Terms};
use crate::net::{GpuNetwork, Graph};
use crate::optim::GpuState;

/// Everything a run needs on the device, made once. A step records one encoder and submits it.
pub(super) struct GpuEngine {
    context: Context,
    ring: Ring<(Moment, Asked)>,
    data: Data,
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
}

/// Whom the loss's dispatches belong to in a profile.
const LOSS: &str = "loss";

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
    image_len: usize,
    area: usize,
}

/// What the loss knows of a label.
struct Maps {
    labels: Tensor,
    contour: Tensor,
    weight: Tensor,
}

/// One recorded walk over a batch.
struct Walk {
    recording: Recording,
    input: Tensor,
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
        let (training, optimiser) = Walk::training(context, recipe, graph, parts, &parameters, &gradients)?;
        let inference = |images| Walk::inference(context, graph, parts, &parameters, images);
        Ok(Self {
            ring: Ring::new(context),
            context: context.clone(),
            data,
            optimiser,
            schedule,
            learning_rate: recipe.optimiser.learning_rate(),
            classes: recipe.network.classes,
            grid: [dataset.fit.grid[1], dataset.fit.grid[0]],
            chunk,
            training,
            validation: inference(chunk)?,
            shown: inference(1)?,
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
        let area = dataset.area();
        Ok(Self {
            images: Tensor::from_slice(context, "images", &dataset.images)?,
            maps: Maps {
                labels,
                contour: plan.contour,
                weight: map.weight,
            },
            image_len: dataset.channels * area,
            area,
        })
    }
}

impl Walk {
    fn new(
        recording: Recording,
        network: &GpuNetwork,
        maps: Maps,
        loss: GpuLoss,
        overlap: Option<GpuOverlap>,
    ) -> Self {
        Self {
            recording,
            input: network.input().clone(),
            logits: network.logits().clone(),
            maps,
            loss,
            overlap,
        }
    }

    fn training(
        context: &Context,
        recipe: &Recipe,
        graph: &Graph,
        parts: &Parts,
        parameters: &Tensor,
        gradients: &Tensor,
    ) -> Result<(Self, GpuState), Error> {
        let mut recording = Recording::new(context);
        recording.clear(gradients);
        let network = GpuNetwork::record_forward(&mut recording, graph, recipe.batch, parameters)?;
        let maps = Maps::new(context, graph, recipe.batch)?;
        let (logits, shape) = (network.logits(), network.logits_shape());
        let loss = network.record_backward(&mut recording, gradients, |recording, dlogits| {
            recording.scope(LOSS);
            GpuLoss::record(recording, maps.inputs(logits, shape), dlogits, parts)
        })?;
        recording.scope("optimiser");
        let optimiser = GpuState::record(&mut recording, parameters, gradients, recipe.optimiser)?;
        Ok((Self::new(recording, &network, maps, loss, None), optimiser))
    }

    fn inference(
        context: &Context,
        graph: &Graph,
        parts: &Parts,
        parameters: &Tensor,
        images: usize,
    ) -> Result<Self, Error> {
        let mut recording = Recording::new(context);
        let network = GpuNetwork::record_forward(&mut recording, graph, images, parameters)?;
        let maps = Maps::new(context, graph, images)?;
        let (logits, shape) = (network.logits(), network.logits_shape());
        recording.scope(LOSS);
        let loss = GpuLoss::record_forward(&mut recording, maps.inputs(logits, shape), parts)?;
        let overlap = GpuOverlap::record(&mut recording, logits, &maps.labels, shape)?;
        Ok(Self::new(recording, &network, maps, loss, Some(overlap)))
    }

    /// Copies the slices into the batch and runs the walk.
    fn record(&self, encoder: &mut gpu::Encoder, data: &Data, slices: &[u32]) {
        self.load(encoder, data, slices);
        self.recording.replay(encoder);
    }

    fn load(&self, encoder: &mut gpu::Encoder, data: &Data, slices: &[u32]) {
        for (image, slice) in slices.iter().enumerate() {
            let slice = *slice as usize;
            let len = data.image_len;
            self.input
                .copy_from(encoder, image * len, &data.images, slice * len, len);
            let area = data.area;
            for (to, from) in self.maps.all().into_iter().zip(data.maps.all()) {
                to.copy_from(encoder, image * area, from, slice * area, area);
            }
        }
    }
}

impl Maps {
    fn new(context: &Context, graph: &Graph, images: usize) -> Result<Self, gpu::Error> {
        let [_, height, width] = graph.shapes[graph.input];
        let map = |label| Tensor::new(context, label, images * height * width);
        Ok(Self {
            labels: map("batch labels")?,
            contour: map("batch contour")?,
            weight: map("batch weight")?,
        })
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

    fn all(&self) -> [&Tensor; 3] {
        [&self.labels, &self.contour, &self.weight]
    }
}

/// Tensors as they were.
struct Kept(Vec<(Tensor, Tensor)>);

impl Kept {
    fn new(context: &Context, parameters: &Tensor, moments: &[Tensor]) -> Result<Self, gpu::Error> {
        let keep = |tensor: &Tensor| Ok((tensor.clone(), Tensor::new(context, "kept", tensor.len())?));
        let kept = std::iter::once(parameters).chain(moments).map(keep);
        let kept = Self(kept.collect::<Result<_, gpu::Error>>()?);
        context.submit(|encoder| {
            for (tensor, copy) in &kept.0 {
                copy.copy_from(encoder, 0, tensor, 0, tensor.len());
            }
        });
        Ok(kept)
    }

    fn restore(&self, context: &Context) {
        context.submit(|encoder| {
            for (tensor, copy) in &self.0 {
                tensor.copy_from(encoder, 0, copy, 0, tensor.len());
            }
        });
    }
}

impl Engine for GpuEngine {
    fn step(&mut self, moment: Moment, slices: &[u32]) {
        self.optimiser.advance(self.learning_rate);
        if let Some(parts) = self.schedule.changed(moment.step) {
            self.training.loss.set(&parts);
        }
        let Self {
            ring, training, data, ..
        } = self;
        ring.submit((moment, Asked::Step), &[&training.loss.terms], |encoder| {
            training.record(encoder, data, slices);
        });
    }

    fn validate(&mut self, moment: Moment, slices: &[u32]) {
        if let Some(parts) = self.schedule.changed(moment.step) {
            self.validation.loss.set(&parts);
        }
        let Self {
            ring,
            validation,
            data,
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
                validation.record(encoder, data, slices);
            },
        );
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn predict(&mut self, moment: Moment, slice: u32) {
        let Self {
            ring, shown, data, ..
        } = self;
        let labels = &shown
            .overlap
            .as_ref()
            .expect("recorded with its overlap")
            .prediction;
        ring.submit((moment, Asked::Prediction { slice }), &[labels], |encoder| {
            shown.record(encoder, data, &[slice]);
        });
    }

    fn show(&mut self, moment: Moment, slice: u32) {
        let Self {
            ring, shown, data, ..
        } = self;
        let overlap = shown.overlap.as_ref().expect("recorded with its overlap");
        let Maps { labels, contour, .. } = &shown.maps;
        let asked = [&overlap.prediction, labels, contour, &shown.logits];
        ring.submit((moment, Asked::Shown { slice }), &asked, |encoder| {
            shown.record(encoder, data, &[slice]);
        });
    }

    fn read_weights(&mut self, moment: Moment) {
        self.ring
            .submit((moment, Asked::Weights), &[&self.parameters], |_| {});
    }

    fn prepare<'a>(&'a mut self, progress: &'a mut dyn FnMut(usize, usize)) -> Waiting<'a, ()> {
        let walks = [&self.training, &self.validation, &self.shown];
        let kernels: Vec<_> = walks
            .iter()
            .flat_map(|walk| walk.recording.kernels().cloned())
            .collect();
        let context = &self.context;
        Box::pin(async move { context.compile(&kernels, progress).await })
    }

    fn profile<'a>(&'a mut self, slices: &'a [u32]) -> Waiting<'a, Result<Option<Profile>, Error>> {
        Box::pin(async {
            let kept = Kept::new(&self.context, &self.parameters, self.optimiser.moments())?;
            self.context
                .submit(|encoder| self.training.load(encoder, &self.data, slices));
            let profile = self.training.recording.profile().await;
            kept.restore(&self.context);
            let profile = profile.map_err(|error| self.context.fault().unwrap_or(error))?;
            Ok(Some(profile))
        })
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

    fn next(&mut self) -> Waiting<'_, Option<Outcome>> {
        Box::pin(async {
            let readback = self.ring.next().await?;
            Some(self.understand(readback))
        })
    }
}
