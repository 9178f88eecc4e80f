//! The arithmetic of a session on the GPU.

use super::engine::{Answer, Engine, Graphs, Moment, Outcome, Waiting, plain, pooled, ranged};
use super::kept::{Kept, Stead};
use super::schedule::Schedule;
use super::snapshot::pieces;
use super::walk::{Data, Maps, Walk};
use super::{Dataset, Error, Pick, Placed, Recipe, Rounding, Windows};
use crate::gpu::{Context, Profile, Readback, Ring, Tensor};
use crate::loss::{Given, Terms};
use crate::net::Graph;
use crate::optim::GpuState;

/// Everything a run needs on the device, made once. A step records one encoder and submits it.
pub(super) struct GpuEngine {
    context: Context,
    ring: Ring<(Moment, Asked)>,
    parameters: Tensor,
    optimiser: GpuState,
    schedule: Schedule,
    classes: usize,
    /// H, W.
    grid: [usize; 2],
    chunk: usize,
    subjects: Vec<Placed>,
    windows: Windows,
    training: Walk,
    validation: Walk,
    shown: Walk,
    /// With activations of 32 bits, where the others have 16.
    exact: Option<Walk>,
    /// The initial weights while they are validated beside the first steps.
    initial: Option<Stead>,
}

/// What a readback answers.
enum Asked {
    Step,
    Validation,
    Prediction { slice: u32 },
    Shown { slice: u32 },
    Rounding { slice: u32 },
    Weights,
    Numbers,
    Candidate,
}

impl GpuEngine {
    pub(super) fn new(
        context: &Context,
        recipe: &Recipe,
        graphs: &Graphs,
        dataset: &Dataset,
        chunk: usize,
    ) -> Result<Self, Error> {
        let Graphs {
            training: graph,
            whole,
        } = graphs;
        if graph.halves && !context.has_halves() {
            return Err(Error::NoHalves);
        }
        let data = Data::new(context, recipe, dataset)?;
        let parameters = Tensor::new(context, "parameters", graph.arena_len())?;
        let gradients = Tensor::new(context, "gradients", graph.arena_len())?;
        let schedule = Schedule::new(recipe, dataset);
        let parts = &schedule.parts(0);
        let windows = Windows::of(recipe, dataset)?;
        let moved = recipe.augmentation.moves().then_some((recipe, windows.rim()));
        let arenas = [&parameters, &gradients];
        let (training, optimiser) = Walk::training(context, recipe, graph, parts, (&data, moved), arenas)?;
        let inference =
            |graph, images| Walk::inference(context, graph, parts, &data, optimiser.validated(), images);
        let [validation, shown] = [inference(whole, chunk)?, inference(whole, 1)?];
        let exact = Graph {
            halves: false,
            ..whole.clone()
        };
        let exact = graph.halves.then(|| inference(&exact, 1)).transpose()?;
        Ok(Self {
            ring: Ring::new(context),
            context: context.clone(),
            optimiser,
            schedule,
            classes: recipe.network.classes,
            grid: [dataset.grid[1], dataset.grid[0]],
            chunk,
            subjects: dataset.subjects.clone(),
            windows,
            training,
            validation,
            shown,
            exact,
            initial: None,
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
                            logits: bytemuck::cast_slice(logits).into(),
                            labels: reference.into(),
                            contour: contour.into(),
                            shape: [1, self.classes, height, width],
                        };
                        Answer::Shown {
                            slice,
                            labels: labels.to_vec(),
                            given,
                        }
                    }
                    Asked::Rounding { slice } => {
                        let len = Terms::<f32>::LEN;
                        let (half, full) = words.split_at(words.len() / 2);
                        let losses = [half, full].map(|words| terms(&words[..len]).total);
                        let logits = [half, full].map(|words| bytemuck::cast_slice(&words[len..]));
                        let rounding = Rounding::between(logits, self.classes, losses);
                        Answer::Rounding { slice, rounding }
                    }
                    Asked::Weights => Answer::Weights(bytemuck::cast_slice(&words).to_vec()),
                    Asked::Numbers => Answer::Numbers(bytemuck::cast_slice(&words).to_vec()),
                    Asked::Candidate => Answer::Candidate(bytemuck::cast_slice(&words).to_vec()),
                }
            });
        (moment, answer)
    }

    /// Validates a chunk of slices, under the initial weights while they are at hand.
    fn judge(&mut self, moment: Moment, slices: &[u32]) {
        if let Some(parts) = self.schedule.changed(moment.step) {
            self.validation.loss.set(&parts);
        }
        let draws = plain(slices, &self.subjects);
        let Self {
            ring,
            validation,
            context,
            initial,
            ..
        } = self;
        let counts = &validation
            .overlap
            .as_ref()
            .expect("recorded with its overlap")
            .counts;
        let asked = [&validation.loss.terms, counts];
        ring.submit((moment, Asked::Validation), &asked, |encoder| match initial {
            None => validation.record(encoder, context, &draws),
            Some(initial) => initial.during(encoder, |encoder| validation.record(encoder, context, &draws)),
        });
    }
}

impl Engine for GpuEngine {
    fn step(&mut self, moment: Moment, picks: &[Pick], rate: f64) {
        self.optimiser.advance(rate);
        if let Some(parts) = self.schedule.changed(moment.step) {
            self.training.loss.set(&parts);
        }
        let draws = ranged(self.windows.draws(moment.step, picks), &self.subjects);
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
        // Those of the beginning have all been submitted.
        self.initial = None;
        self.judge(moment, slices);
    }

    fn validate_initial(&mut self, moment: Moment, slices: &[u32], initial: &[f32]) {
        if self.initial.is_none() {
            let stead = Stead::new(&self.context, self.optimiser.validated(), initial);
            self.initial = Some(stead.expect("as large as the parameters, which fit"));
        }
        self.judge(moment, slices);
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn predict(&mut self, moment: Moment, slice: u32) {
        let draws = plain(&[slice], &self.subjects);
        let Self {
            ring, shown, context, ..
        } = self;
        let labels = &shown
            .overlap
            .as_ref()
            .expect("recorded with its overlap")
            .prediction;
        ring.submit((moment, Asked::Prediction { slice }), &[labels], |encoder| {
            shown.record(encoder, context, &draws);
        });
    }

    fn show(&mut self, moment: Moment, slice: u32) {
        let draws = plain(&[slice], &self.subjects);
        let Self {
            ring,
            shown,
            exact,
            context,
            ..
        } = self;
        let overlap = shown.overlap.as_ref().expect("recorded with its overlap");
        let Maps { labels, contour, .. } = &shown.maps;
        let asked = [&overlap.prediction, labels, contour, &shown.logits];
        ring.submit((moment, Asked::Shown { slice }), &asked, |encoder| {
            shown.record(encoder, context, &draws);
        });
        if let Some(exact) = exact {
            let asked = [&shown.loss.terms, &shown.logits, &exact.loss.terms, &exact.logits];
            ring.submit((moment, Asked::Rounding { slice }), &asked, |encoder| {
                exact.record(encoder, context, &draws);
            });
        }
    }

    fn read_weights(&mut self, moment: Moment) {
        let weights = self.optimiser.validated();
        self.ring.submit((moment, Asked::Weights), &[weights], |_| {});
    }

    fn offer_weights(&mut self, moment: Moment) {
        let weights = self.optimiser.validated();
        self.ring.submit((moment, Asked::Candidate), &[weights], |_| {});
    }

    fn prepare<'a>(&'a mut self, progress: &'a mut dyn FnMut(usize, usize)) -> Waiting<'a, ()> {
        let walks = [&self.training, &self.validation, &self.shown];
        let kernels: Vec<_> = walks
            .into_iter()
            .chain(&self.exact)
            .flat_map(|walk| walk.assembly.kernels().chain(walk.recording.kernels()).cloned())
            .collect();
        let context = &self.context;
        Box::pin(async move { context.compile(&kernels, progress).await })
    }

    fn profile<'a>(&'a mut self, slices: &'a [u32]) -> Waiting<'a, Result<Option<Profile>, Error>> {
        Box::pin(async {
            let draws = plain(slices, &self.subjects);
            let kept = Kept::new(&self.context, &self.optimiser.changed())?;
            self.context
                .submit(|encoder| self.training.assemble(encoder, &self.context, &draws));
            let profile = self.training.recording.profile().await;
            kept.restore(&self.context);
            let profile = profile.map_err(|error| self.context.fault().unwrap_or(error))?;
            Ok(Some(profile))
        })
    }

    fn read_all(&mut self, moment: Moment) {
        let changed = self.optimiser.changed();
        self.ring.submit((moment, Asked::Numbers), &changed, |_| {});
    }

    fn resume(&mut self, numbers: &[f32], step: u64) -> Result<(), Error> {
        let lens: Vec<usize> = self
            .optimiser
            .changed()
            .iter()
            .map(|tensor| tensor.len())
            .collect();
        let pieces = pieces(numbers, &lens).ok_or(Error::Snapshot {
            given: numbers.len(),
            needed: lens.iter().sum(),
        })?;
        self.optimiser.resume(&self.context, &pieces, step as u32);
        Ok(())
    }

    fn restart(&mut self, arena: &[f32]) {
        self.initial = None;
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
