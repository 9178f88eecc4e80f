//! One run: a recipe, its data, and an engine that does the arithmetic.

mod course;

use std::collections::VecDeque;

use super::engine::{Answer, Engine, Graphs, Moment, Outcome};
use super::passes::Passes;
use super::volume::{Taken, VolumePass};
use super::watch::Watch;
use super::{
    Batches, CpuEngine, Crew, CrewEngine, Dataset, Error, Event, GpuEngine, Placed, Recipe, SliceOfDataset,
    Snapshot,
};
use crate::gpu::{Context, Profile};
use crate::metrics::mean_dice;
use crate::net::{Graph, Real, initial_weights};

/// A training run. [`Session::step`] submits and returns; results arrive through [`Session::next`] or
/// [`Session::try_next`], in order.
pub struct Session {
    recipe: Recipe,
    /// Of a training step.
    graph: Graph,
    initial: Vec<f32>,
    train: Vec<u32>,
    validation: Vec<u32>,
    engine: Box<dyn Engine>,
    batches: Batches,
    now: Moment,
    /// Steps after which the run stops by itself.
    until: u64,
    passes: Passes,
    /// The next chunk of the initial weights' validation, while that is not submitted as a whole.
    beginning: Option<usize>,
    subjects: Vec<Placed>,
    /// Pixels of each class in each training slice, where slices are drawn by class.
    counts: Option<Vec<Vec<u32>>>,
    volume: Option<VolumePass>,
    watch: Watch,
    snapshots: bool,
    /// What follows from events that have been told.
    follows: VecDeque<Event>,
}

impl Session {
    /// A session on the GPU. `weights`: a parameter arena to start from instead of the seed's.
    ///
    /// # Errors
    /// When the recipe means nothing, or does not fit the data, the weights or the adapter.
    pub fn on_gpu(
        context: &Context,
        recipe: Recipe,
        dataset: &Dataset,
        weights: Option<Vec<f32>>,
    ) -> Result<Self, Error> {
        Self::new(recipe, dataset, weights, |recipe, graphs, chunk| {
            Ok(Box::new(GpuEngine::new(context, recipe, graphs, dataset, chunk)?))
        })
    }

    /// A session on the fast kernels of the processor, whose images are shared with a crew.
    ///
    /// # Errors
    /// As [`Session::on_gpu`].
    pub fn on_processor(
        recipe: Recipe,
        dataset: &Dataset,
        weights: Option<Vec<f32>>,
        crew: Crew,
    ) -> Result<Self, Error> {
        Self::new(recipe, dataset, weights, |recipe, graphs, chunk| {
            Ok(Box::new(CrewEngine::new(recipe, graphs, dataset, chunk, crew)?))
        })
    }

    /// A session on the twins, in f32 or f64: the same walk, slower.
    ///
    /// # Errors
    /// As [`Session::on_gpu`].
    pub fn on_cpu<T: Real>(
        recipe: Recipe,
        dataset: &Dataset,
        weights: Option<Vec<f32>>,
    ) -> Result<Self, Error> {
        Self::new(recipe, dataset, weights, |recipe, graphs, chunk| {
            Ok(Box::new(CpuEngine::<T>::new(recipe, graphs, dataset, chunk)?))
        })
    }

    fn new(
        recipe: Recipe,
        dataset: &Dataset,
        weights: Option<Vec<f32>>,
        engine: impl FnOnce(&Recipe, &Graphs, usize) -> Result<Box<dyn Engine>, Error>,
    ) -> Result<Self, Error> {
        recipe.validate()?;
        dataset.fits(&recipe)?;
        let [width, height] = dataset.grid;
        let graphs = Graphs {
            training: recipe.training_graph(height, width)?,
            whole: recipe.graph(height, width)?,
        };
        let initial = weights.unwrap_or_else(|| initial_weights(&graphs.training, recipe.seed));
        let chunk = recipe.chunk(dataset.split.validation.len(), dataset.grid)?;
        let mut engine = engine(&recipe, &graphs, chunk)?;
        engine.restart(&initial);
        let train = dataset.split.train.clone();
        let validation = dataset.split.validation.clone();
        let counts = (recipe.augmentation.by_class > 0.0).then(|| dataset.counts());
        let batches = Batches::of(&recipe, &train, counts.as_deref());
        let now = Moment::default();
        Ok(Self {
            until: recipe.steps,
            watch: Watch::new(recipe.regimen),
            follows: VecDeque::new(),
            snapshots: false,
            recipe,
            graph: graphs.training,
            initial,
            train,
            validation,
            engine,
            batches,
            now,
            passes: Passes::default(),
            beginning: None,
            subjects: dataset.subjects.clone(),
            counts,
            volume: None,
        })
    }

    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The network of a training step. That of whole slices has the same weights.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Steps submitted since the start or the last reset.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.now.step
    }

    /// Whether the run's last step has been submitted, or its patience is at an end.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.now.step >= self.until || self.watch.stopped()
    }

    /// Results asked for that have not arrived.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.engine.in_flight() + self.follows.len()
    }

    /// Submits one step, and the validation that is due after it. Ends a volume under way, whose slices would be of
    /// different weights.
    pub fn step(&mut self) {
        self.cancel_volume();
        let batch = self.batches.next(self.recipe.batch);
        let rate = self.recipe.learning_rate(self.now.step, self.until);
        self.engine.step(self.now, &batch, rate);
        self.now.step += 1;
        if self.now.step.is_multiple_of(self.recipe.validate_every) || self.now.step == self.until {
            self.validate();
        }
    }

    /// Submits a pass over the validation slices, behind what is left of that of the initial weights.
    pub fn validate(&mut self) {
        while self.validate_next() {}
        if self.watch.keeps() && !self.validation.is_empty() {
            self.engine.offer_weights(self.now);
        }
        for chunk in self.validation.chunks_exact(self.engine.chunk()) {
            self.engine.validate(self.now, chunk);
        }
        if self.snapshots {
            self.engine.read_all(self.now);
        }
    }

    /// Begins a validation of the initial weights that holds up no step: [`Session::validate_next`] submits its chunks one
    /// by one, between steps too, and they see the initial weights whatever has been learnt meanwhile. Its digits are those
    /// of a [`Session::validate`] before the first step; no snapshot follows it.
    pub fn validate_initial(&mut self) {
        if self.validation.is_empty() {
            return;
        }
        if self.watch.keeps() {
            // It is judged before the candidate of any later validation arrives.
            self.watch.offer(self.initial.clone());
        }
        self.beginning = Some(0);
    }

    /// Submits the next chunk of the initial weights' validation; `false` if there is none left.
    pub fn validate_next(&mut self) -> bool {
        let mut chunks = self.validation.chunks_exact(self.engine.chunk());
        let Some((next, slices)) = self.beginning.and_then(|next| Some((next, chunks.nth(next)?))) else {
            self.beginning = None;
            return false;
        };
        let moment = Moment { step: 0, ..self.now };
        self.engine.validate_initial(moment, slices, &self.initial);
        self.beginning = Some(next + 1).filter(|_| chunks.next().is_some());
        true
    }

    /// Submits a prediction of one slice.
    pub fn predict(&mut self, slice: u32) {
        self.engine.predict(self.now, slice);
    }

    /// Submits a prediction of one slice, with all that its loss depends on.
    pub fn show(&mut self, slice: SliceOfDataset) {
        self.engine.show(self.now, slice.0);
    }

    /// Begins to predict the whole volume of a subject, unless one is under way: [`Session::predict_next`] submits its
    /// slices one by one.
    pub fn predict_volume(&mut self, subject: usize) {
        let placed = self.subjects.get(subject).filter(|_| !self.predicts_volume());
        if let Some(placed) = placed {
            self.volume = Some(VolumePass::new(self.now, *placed));
        }
    }

    /// Whether slices of a volume are still to be submitted or to arrive.
    #[must_use]
    pub fn predicts_volume(&self) -> bool {
        self.volume.as_ref().is_some_and(VolumePass::is_under_way)
    }

    /// Submits the next slice of the volume under way; `false` if there is none left.
    pub fn predict_next(&mut self) -> bool {
        let next = self.volume.as_mut().and_then(VolumePass::next);
        if let Some(slice) = next {
            self.engine.predict(self.now, slice);
        }
        next.is_some()
    }

    /// Forgets the volume under way; what is still in flight of it is dropped.
    pub fn cancel_volume(&mut self) {
        if let Some(volume) = &mut self.volume {
            volume.cancel();
        }
    }

    /// Asks for the weights as they are now.
    pub fn read_weights(&mut self) {
        self.engine.read_weights(self.now);
    }

    /// Asks for the weights of the best validation; nothing comes where none were kept.
    pub fn read_best_weights(&mut self) {
        self.follows.extend(self.watch.best_weights());
    }

    /// Compiles what the first step would have to wait for; optional. `progress` is told how many kernels are
    /// done, and of how many.
    pub async fn prepare(&mut self, progress: &mut dyn FnMut(usize, usize)) {
        self.engine.prepare(progress).await;
    }

    /// Where the time of the next step would go: it is run several times and taken back, so that the run goes on as
    /// if nothing had been. `None` on the processor, where nothing is timed.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn profile(&mut self) -> Result<Option<Profile>, Error> {
        let batch = self.batches.clone().next(self.recipe.batch);
        let slices: Vec<u32> = batch.iter().map(|pick| pick.slice).collect();
        self.engine.profile(&slices).await
    }

    /// The next event that is there already.
    pub fn try_next(&mut self) -> Option<Result<Event, Error>> {
        loop {
            if let Some(event) = self.follows.pop_front() {
                return Some(Ok(event));
            }
            let outcome = self.engine.try_next()?;
            if let Some(event) = self.digest(outcome) {
                return Some(event);
            }
        }
    }

    /// The next event, waiting for it; `None` when nothing is in flight.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        loop {
            if let Some(event) = self.follows.pop_front() {
                return Some(Ok(event));
            }
            let outcome = self.engine.next().await?;
            if let Some(event) = self.digest(outcome) {
                return Some(event);
            }
        }
    }

    fn digest(&mut self, (moment, answer): Outcome) -> Option<Result<Event, Error>> {
        if moment.run != self.now.run {
            return None;
        }
        let step = moment.step;
        let event = match answer {
            Err(error) => return Some(Err(error)),
            Ok(Answer::Step(terms)) => Event::Step { step, terms },
            Ok(Answer::Prediction { slice, labels }) => self.place(moment, slice, labels)?,
            Ok(Answer::Shown { slice, labels, given }) => Event::Shown {
                step,
                slice: SliceOfDataset(slice),
                labels,
                given,
            },
            Ok(Answer::Rounding { slice, rounding }) => Event::Rounding {
                step,
                slice: SliceOfDataset(slice),
                rounding,
            },
            Ok(Answer::Weights(arena)) => Event::Weights { step, arena },
            Ok(Answer::Numbers(numbers)) => Event::Snapshot(Snapshot {
                step,
                steps: self.until,
                numbers,
                watch: self.watch.clone(),
            }),
            Ok(Answer::Candidate(arena)) => {
                self.watch.offer(arena);
                return None;
            }
            Ok(Answer::Validation(terms, overlaps)) => {
                let chunks = self.validation.len() / self.engine.chunk();
                let event = self.passes.take(step, chunks, &terms, &overlaps)?;
                if let Event::Validation { overlaps, .. } = &event {
                    self.follows.extend(self.watch.judge(step, mean_dice(overlaps)));
                }
                event
            }
        };
        Some(Ok(event))
    }

    /// A predicted slice belongs to the volume under way, or to whoever is shown it.
    fn place(&mut self, moment: Moment, slice: u32, labels: Vec<u32>) -> Option<Event> {
        let labels = match &mut self.volume {
            None => labels,
            Some(volume) => match volume.take(moment, slice, labels) {
                Taken::No(labels) => labels,
                Taken::Dropped => return None,
                Taken::Event(event) => return Some(event),
            },
        };
        let step = moment.step;
        let slice = SliceOfDataset(slice);
        Some(Event::Prediction { step, slice, labels })
    }
}
