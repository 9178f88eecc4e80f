//! The arithmetic of a session by the twins.

use std::collections::VecDeque;
use std::future::ready;

use super::engine::{Answer, Engine, Graphs, Moment, Outcome, Waiting, plain, pooled, ranged};
use super::schedule::Schedule;
use super::snapshot::pieces;
use super::{Dataset, Error, Pick, Placed, Recipe, Windows};
use crate::contour;
use crate::gpu::Profile;
use crate::loss::{self, Given, Terms, cpu::Inputs};
use crate::net::{CpuNetwork, Draw, Real, Slices, batch_images, batch_maps};
use crate::optim::CpuState;

/// The same walk as on the GPU, in f32 or f64; every call is finished when it returns.
pub(super) struct CpuEngine<T> {
    data: Data<T>,
    schedule: Schedule,
    classes: usize,
    chunk: usize,
    recipe: Recipe,
    windows: Windows,
    parameters: Vec<T>,
    gradients: Vec<T>,
    optimiser: CpuState<T>,
    training: CpuNetwork<T>,
    validation: CpuNetwork<T>,
    shown: CpuNetwork<T>,
    answers: VecDeque<(Moment, Answer)>,
}

/// The study's slices, contours and weights (D, …).
struct Data<T> {
    images: Vec<T>,
    labels: Vec<u32>,
    contour: Vec<u32>,
    weight: Vec<T>,
    scaling: Vec<[f32; 2]>,
    /// Neighbours on either side that come along as channels.
    context: usize,
    subjects: Vec<Placed>,
    /// H, W.
    grid: [usize; 2],
    modalities: usize,
    contour_choice: contour::Choice,
    weighting: contour::Weighting<T>,
}

/// What the loss knows of a batch.
struct Maps<T> {
    labels: Vec<u32>,
    contour: Vec<u32>,
    weight: Vec<T>,
    shape: [usize; 4],
}

impl<T: Real> CpuEngine<T> {
    pub(super) fn new(
        recipe: &Recipe,
        graphs: &Graphs,
        dataset: &Dataset,
        chunk: usize,
    ) -> Result<Self, Error> {
        let graph = &graphs.training;
        if graph.halves {
            return Err(Error::NoHalves);
        }
        let [width, height] = dataset.grid;
        let weighting = recipe.loss.weighting();
        let (mut bits, mut weight) = (Vec::new(), Vec::new());
        // One by one, so that no contour in the volume reaches into another subject.
        for subject in &dataset.subjects {
            let dims = [subject.slices, height, width];
            let labels = &dataset.labels[subject.first * dataset.area()..][..subject.slices * dataset.area()];
            let own = contour::cpu::contour(labels, dims, &recipe.contour);
            weight.extend(contour::cpu::weight_map(labels, &own, dims, &weighting));
            bits.extend(own);
        }
        let data = Data {
            images: dataset
                .images
                .iter()
                .map(|value| T::of(f64::from(*value)))
                .collect(),
            labels: dataset.labels.clone(),
            weight,
            contour: bits,
            grid: [height, width],
            scaling: dataset.scaling.clone(),
            context: dataset.context,
            subjects: dataset.subjects.clone(),
            modalities: dataset.modalities,
            contour_choice: recipe.contour,
            weighting,
        };
        let arena = graph.arena_len();
        Ok(Self {
            data,
            schedule: Schedule::new(recipe, dataset),
            classes: recipe.network.classes,
            chunk,
            recipe: recipe.clone(),
            windows: Windows::of(recipe, dataset)?,
            parameters: vec![T::zero(); arena],
            gradients: vec![T::zero(); arena],
            optimiser: CpuState::new(
                recipe.optimiser,
                recipe.regimen.options(graph.frozen_len()),
                arena,
            ),
            training: CpuNetwork::new(graph, recipe.batch),
            validation: CpuNetwork::new(&graphs.whole, chunk),
            shown: CpuNetwork::new(&graphs.whole, 1),
            answers: VecDeque::new(),
        })
    }
}

impl<T: Real> CpuEngine<T> {
    /// The weights to validate.
    fn validated(&self) -> Vec<f32> {
        let weights = self.optimiser.validated(&self.parameters).iter();
        weights.map(|value| value.to_f32().unwrap_or(f32::NAN)).collect()
    }

    /// Validates a chunk of slices, under other weights than the run's own if there are some.
    fn judge(&mut self, moment: Moment, slices: &[u32], others: Option<&[T]>) {
        let maps = self.data.load_plain(&mut self.validation, slices, self.classes);
        let own = self.optimiser.validated(&self.parameters);
        self.validation.forward(others.unwrap_or(own));
        let logits = self.validation.logits();
        let parts = self.schedule.parts(moment.step);
        let terms = loss::cpu::terms(&maps.inputs(logits), &parts);
        let (_, counts) = loss::overlap(logits, &maps.labels, maps.shape);
        let overlaps = pooled(&counts, self.classes);
        self.answers
            .push_back((moment, Answer::Validation(widen(&terms), overlaps)));
    }
}

impl<T: Real> Data<T> {
    /// Puts the slices into the network's input and gives what the loss knows of them: contour and weight are worked
    /// out anew if the slices are `moved`, from so many pixels more around them.
    fn load(
        &self,
        network: &mut CpuNetwork<T>,
        draws: &[Draw],
        classes: usize,
        moved: Option<usize>,
    ) -> Maps<T> {
        let [height, width] = network.image_size();
        let rim = moved.unwrap_or(0);
        let dims = [draws.len(), height + 2 * rim, width + 2 * rim];
        let pixels = dims.iter().product();
        let shape = [dims[0], self.modalities, dims[1], dims[2]];
        let mut labels = vec![0; pixels];
        let study = Slices {
            images: &self.images,
            labels: &self.labels,
            scaling: &self.scaling,
            extent: self.grid,
            context: self.context,
        };
        let mut rimmed = vec![T::zero(); if rim > 0 { pixels * self.channels() } else { 0 }];
        let seen = if rim > 0 { &mut rimmed } else { network.input_mut() };
        batch_images(seen, &mut labels, draws, &study, shape);
        let (contour, weight) = if moved.is_some() {
            let contour = contour::cpu::contour(&labels, dims, &self.contour_choice);
            let weight = contour::cpu::weight_map(&labels, &contour, dims, &self.weighting);
            (contour, weight)
        } else {
            let (mut contour, mut weight) = (vec![0; pixels], vec![T::zero(); pixels]);
            let study = (&self.contour[..], &self.weight[..]);
            batch_maps(&mut contour, &mut weight, draws, study, self.grid, shape);
            (contour, weight)
        };
        let maps = Maps {
            labels,
            contour,
            weight,
            shape: [draws.len(), classes, dims[1], dims[2]],
        };
        if rim == 0 {
            return maps;
        }
        maps.cut(&rimmed, network.input_mut(), rim)
    }

    /// Of the network's input.
    fn channels(&self) -> usize {
        self.modalities * (2 * self.context + 1)
    }

    fn load_plain(&self, network: &mut CpuNetwork<T>, slices: &[u32], classes: usize) -> Maps<T> {
        let draws = plain(slices, &self.subjects);
        self.load(network, &draws, classes, None)
    }
}

impl<T: Real> Maps<T> {
    /// Cuts a rim off: of `seen` (N, C, …) only `input` is left, and the maps of that.
    fn cut(&self, seen: &[T], input: &mut [T], rim: usize) -> Self {
        let [images, classes, seen_height, seen_width] = self.shape;
        let [height, width] = [seen_height - 2 * rim, seen_width - 2 * rim];
        let pixels = images * height * width;
        let shape = [images, input.len() / pixels, height, width];
        let extent = [seen_height, seen_width];
        let inner = |image: usize| Draw::plain(image as u32).further([rim as i64; 2]);
        let draws: Vec<Draw> = (0..images).map(inner).collect();
        let mut cut = Self {
            labels: vec![0; pixels],
            contour: vec![0; pixels],
            weight: vec![T::zero(); pixels],
            shape: [images, classes, height, width],
        };
        let study = Slices {
            images: seen,
            labels: &self.labels,
            scaling: &vec![[1.0, 0.0]; images * shape[1]],
            extent,
            context: 0,
        };
        batch_images(input, &mut cut.labels, &draws, &study, shape);
        let study = (&self.contour[..], &self.weight[..]);
        batch_maps(&mut cut.contour, &mut cut.weight, &draws, study, extent, shape);
        cut
    }

    fn inputs<'a>(&'a self, logits: &'a [T]) -> Inputs<'a, T> {
        Inputs {
            logits,
            labels: &self.labels,
            contour: &self.contour,
            weight: &self.weight,
            shape: self.shape,
        }
    }
}

fn widen<T: Real>(terms: &Terms<T>) -> Terms<f64> {
    Terms::from_slice(&terms.to_array().map(|term| term.to_f64().unwrap_or(f64::NAN)))
}

impl<T: Real> Engine for CpuEngine<T> {
    fn step(&mut self, moment: Moment, picks: &[Pick]) {
        let draws = ranged(self.windows.draws(moment.step, picks), &self.data.subjects);
        let moved = self.recipe.augmentation.moves().then_some(self.windows.rim());
        let maps = self.data.load(&mut self.training, &draws, self.classes, moved);
        self.training.forward(&self.parameters);
        let logits = self.training.logits();
        let parts = self.schedule.parts(moment.step);
        let (terms, dlogits) = loss::cpu::evaluate(&maps.inputs(logits), &parts);
        self.training.dlogits_mut().copy_from_slice(&dlogits);
        self.gradients.fill(T::zero());
        self.training.backward(&self.parameters, &mut self.gradients);
        let rate = self.recipe.learning_rate(moment.step);
        self.optimiser.update(&mut self.parameters, &self.gradients, rate);
        self.answers.push_back((moment, Answer::Step(widen(&terms))));
    }

    fn validate(&mut self, moment: Moment, slices: &[u32]) {
        self.judge(moment, slices, None);
    }

    fn validate_initial(&mut self, moment: Moment, slices: &[u32], initial: &[f32]) {
        let initial: Vec<T> = initial.iter().map(|value| T::of(f64::from(*value))).collect();
        self.judge(moment, slices, Some(&initial));
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn predict(&mut self, moment: Moment, slice: u32) {
        let maps = self.data.load_plain(&mut self.shown, &[slice], self.classes);
        self.shown.forward(self.optimiser.validated(&self.parameters));
        let (labels, _) = loss::overlap(self.shown.logits(), &maps.labels, maps.shape);
        self.answers
            .push_back((moment, Answer::Prediction { slice, labels }));
    }

    fn show(&mut self, moment: Moment, slice: u32) {
        let maps = self.data.load_plain(&mut self.shown, &[slice], self.classes);
        self.shown.forward(self.optimiser.validated(&self.parameters));
        let logits = self.shown.logits();
        let (labels, _) = loss::overlap(logits, &maps.labels, maps.shape);
        let given = Given {
            logits: logits
                .iter()
                .map(|logit| logit.to_f32().unwrap_or(f32::NAN))
                .collect(),
            labels: maps.labels,
            contour: maps.contour,
            shape: maps.shape,
        };
        self.answers
            .push_back((moment, Answer::Shown { slice, labels, given }));
    }

    fn read_weights(&mut self, moment: Moment) {
        let arena = self.validated();
        self.answers.push_back((moment, Answer::Weights(arena)));
    }

    fn offer_weights(&mut self, moment: Moment) {
        let arena = self.validated();
        self.answers.push_back((moment, Answer::Candidate(arena)));
    }

    fn prepare<'a>(&'a mut self, _: &'a mut dyn FnMut(usize, usize)) -> Waiting<'a, ()> {
        Box::pin(ready(()))
    }

    fn profile<'a>(&'a mut self, _: &'a [u32]) -> Waiting<'a, Result<Option<Profile>, Error>> {
        Box::pin(ready(Ok(None)))
    }

    fn read_all(&mut self, moment: Moment) {
        let numbers = std::iter::once(&self.parameters).chain(self.optimiser.changed());
        let narrow = |value: &T| value.to_f32().unwrap_or(f32::NAN);
        let numbers = numbers.flatten().map(narrow).collect();
        self.answers.push_back((moment, Answer::Numbers(numbers)));
    }

    fn resume(&mut self, numbers: &[f32], step: u64) -> Result<(), Error> {
        let own = std::iter::once(&self.parameters).chain(self.optimiser.changed());
        let lens: Vec<usize> = own.map(Vec::len).collect();
        let pieces = pieces(numbers, &lens).ok_or(Error::Snapshot {
            given: numbers.len(),
            needed: lens.iter().sum(),
        })?;
        self.parameters = pieces[0].iter().map(|value| T::of(f64::from(*value))).collect();
        self.optimiser.resume(&pieces[1..], step as u32);
        Ok(())
    }

    fn restart(&mut self, arena: &[f32]) {
        for (parameter, value) in self.parameters.iter_mut().zip(arena) {
            *parameter = T::of(f64::from(*value));
        }
        self.optimiser.reset(&self.parameters);
    }

    fn in_flight(&self) -> usize {
        self.answers.len()
    }

    fn try_next(&mut self) -> Option<Outcome> {
        let (moment, answer) = self.answers.pop_front()?;
        Some((moment, Ok(answer)))
    }

    fn next(&mut self) -> Waiting<'_, Option<Outcome>> {
        Box::pin(ready(self.try_next()))
    }
}
