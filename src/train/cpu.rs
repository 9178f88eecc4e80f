//! The arithmetic of a session by the twins.

use std::collections::VecDeque;
use std::future::ready;

use super::engine::{Answer, Engine, Graphs, Moment, Outcome, Waiting, plain, pooled, ranged};
use super::schedule::Schedule;
use super::slices::{Maps, Slices};
use super::snapshot::pieces;
use super::{Dataset, Error, Pick, Recipe, Windows};
use crate::gpu::Profile;
use crate::loss::{self, Given, Terms};
use crate::net::{CpuNetwork, Draw, Real};
use crate::optim::CpuState;

/// The same walk as on the GPU, in f32 or f64; every call is finished when it returns.
pub(super) struct CpuEngine<T> {
    data: Slices<T>,
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
        let data = Slices::new(recipe, dataset);
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
        let maps = load_plain(&self.data, &mut self.validation, slices);
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

fn load<T: Real>(
    data: &Slices<T>,
    network: &mut CpuNetwork<T>,
    draws: &[Draw],
    moved: Option<usize>,
) -> Maps<T> {
    let size = network.image_size();
    data.load(network.input_mut(), size, draws, moved)
}

fn load_plain<T: Real>(data: &Slices<T>, network: &mut CpuNetwork<T>, slices: &[u32]) -> Maps<T> {
    load(data, network, &plain(slices, data.subjects()), None)
}

fn widen<T: Real>(terms: &Terms<T>) -> Terms<f64> {
    Terms::from_slice(&terms.to_array().map(|term| term.to_f64().unwrap_or(f64::NAN)))
}

impl<T: Real> Engine for CpuEngine<T> {
    fn step(&mut self, moment: Moment, picks: &[Pick], rate: f64) {
        let draws = ranged(self.windows.draws(moment.step, picks), self.data.subjects());
        let moved = self.recipe.augmentation.moves().then_some(self.windows.rim());
        let maps = load(&self.data, &mut self.training, &draws, moved);
        self.training.forward(&self.parameters);
        let logits = self.training.logits();
        let parts = self.schedule.parts(moment.step);
        let (terms, dlogits) = loss::cpu::evaluate(&maps.inputs(logits), &parts);
        self.training.dlogits_mut().copy_from_slice(&dlogits);
        self.gradients.fill(T::zero());
        self.training.backward(&self.parameters, &mut self.gradients);
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
        let maps = load_plain(&self.data, &mut self.shown, &[slice]);
        self.shown.forward(self.optimiser.validated(&self.parameters));
        let (labels, _) = loss::overlap(self.shown.logits(), &maps.labels, maps.shape);
        self.answers
            .push_back((moment, Answer::Prediction { slice, labels }));
    }

    fn show(&mut self, moment: Moment, slice: u32) {
        let maps = load_plain(&self.data, &mut self.shown, &[slice]);
        self.shown.forward(self.optimiser.validated(&self.parameters));
        let logits = self.shown.logits();
        let (labels, _) = loss::overlap(logits, &maps.labels, maps.shape);
        let given = Given {
            logits: logits
                .iter()
                .map(|logit| logit.to_f32().unwrap_or(f32::NAN))
                .collect(),
            labels: maps.labels.into(),
            contour: maps.contour.into(),
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
