//! The arithmetic of a session on the processor: the images of a batch are shared by a crew.
//!
//! Whoever has the session is a member itself. Sums and gradients are added in the order of the images, so that digits do not
//! depend on how many there are.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::ready;
use std::rc::Rc;

use super::engine::{Answer, Engine, Graphs, Moment, Outcome, Waiting, plain, pooled, ranged};
use super::member::Member;
use super::shares::{divided, in_order, misunderstood};
use super::snapshot::pieces;
use super::task::{Judged, Share, Task};
use super::{Dataset, Error, Pick, Placed, Recipe, Windows};
use crate::cpu::vectorised;
use crate::gpu::Profile;
use crate::loss::{Given, image::meet};
use crate::net::Draw;
use crate::optim::CpuState;

/// Another member, on another thread.
pub trait Colleague {
    /// Sends the task at once; what it gives comes in the order of the tasks. A share that nobody waits for any more is dropped.
    fn ask(&self, task: Task) -> Waiting<'static, Result<Share, Error>>;
}

/// The members beside the one who has the session.
pub type Crew = Vec<Box<dyn Colleague>>;

/// Everything that is asked for is done in order, when somebody waits for it.
pub(super) struct CrewEngine {
    state: Rc<RefCell<State>>,
    windows: Windows,
    subjects: Vec<Placed>,
    chunk: usize,
    waiting: VecDeque<(Moment, Job)>,
    /// It goes on where it was if whoever waits for it is called away.
    running: Option<Waiting<'static, Outcome>>,
}

struct State {
    member: Member,
    crew: Crew,
    recipe: Recipe,
    parameters: Vec<f32>,
    gradients: Vec<f32>,
    optimiser: CpuState<f32>,
    /// Counted up by every change of the weights, and what each member judges by.
    version: u64,
    known: Vec<Option<u64>>,
}

/// The version of the weights that a run began with.
const INITIAL: u64 = u64::MAX;

/// Something to do.
enum Job {
    Step(Vec<Draw>, f64),
    Validate(Vec<Draw>),
    /// With the weights that a run began with.
    ValidateInitial(Vec<Draw>, Rc<[f32]>),
    Predict(Draw),
    Show(Draw),
    Weights,
    Candidate,
    Numbers,
}

impl CrewEngine {
    pub(super) fn new(
        recipe: &Recipe,
        graphs: &Graphs,
        dataset: &Dataset,
        chunk: usize,
        crew: Crew,
    ) -> Result<Self, Error> {
        let graph = &graphs.training;
        let arena = graph.arena_len();
        let state = State {
            member: Member::new(recipe, dataset)?,
            known: vec![None; crew.len() + 1],
            crew,
            recipe: recipe.clone(),
            parameters: vec![0.0; arena],
            gradients: vec![0.0; arena],
            optimiser: CpuState::new(
                recipe.optimiser,
                recipe.regimen.options(graph.frozen_len()),
                arena,
            ),
            version: 0,
        };
        Ok(Self {
            state: Rc::new(RefCell::new(state)),
            windows: Windows::of(recipe, dataset)?,
            subjects: dataset.subjects.clone(),
            chunk,
            waiting: VecDeque::new(),
            running: None,
        })
    }

    fn plain(&self, slice: u32) -> Draw {
        plain(&[slice], &self.subjects)[0]
    }

    fn ask(&mut self, moment: Moment, job: Job) {
        self.waiting.push_back((moment, job));
    }

    /// What is under way is of no use any more.
    fn drop_all(&mut self) {
        self.waiting.clear();
        self.running = None;
    }
}

async fn work(state: Rc<RefCell<State>>, moment: Moment, job: Job) -> Outcome {
    let answer = match job {
        Job::Step(draws, rate) => step(&state, moment.step, draws, rate).await,
        Job::Validate(draws) => validate(&state, moment.step, draws, None).await,
        Job::ValidateInitial(draws, initial) => validate(&state, moment.step, draws, Some(initial)).await,
        Job::Predict(draw) => Ok(state.borrow_mut().predict(moment.step, draw)),
        Job::Show(draw) => Ok(state.borrow_mut().show(moment.step, draw)),
        Job::Weights => Ok(Answer::Weights(state.borrow().validated().to_vec())),
        Job::Candidate => Ok(Answer::Candidate(state.borrow().validated().to_vec())),
        Job::Numbers => Ok(Answer::Numbers(state.borrow().numbers())),
    };
    (moment, answer)
}

/// One optimiser step.
async fn step(state: &RefCell<State>, step: u64, draws: Vec<Draw>, rate: f64) -> Result<Answer, Error> {
    let (shares, own, asked) = {
        let state = &mut *state.borrow_mut();
        let shares = divided(draws, state.crew.len() + 1);
        let task = |images: &Vec<(usize, Draw)>| Task::Forward {
            weights: state.parameters.clone(),
            step,
            images: images.clone(),
        };
        let asked: Vec<_> = state
            .crew
            .iter()
            .zip(&shares[1..])
            .map(|(colleague, images)| colleague.ask(task(images)))
            .collect();
        let own = state.member.forward(&state.parameters, step, &shares[0]);
        (shares, own, asked)
    };
    let mut given = vec![own];
    for share in asked {
        match share.await? {
            Share::Sums(sums) => given.push(sums),
            _ => return Err(misunderstood()),
        }
    }
    let sums = in_order(&shares, given)?;
    let (terms, asked) = {
        let state = &mut *state.borrow_mut();
        let [_, pixels] = state.member.pixels();
        let (terms, coefficients) = meet(&sums, &state.member.parts(step), pixels);
        let task = || Task::Backward {
            coefficients: coefficients.clone(),
        };
        let asked: Vec<_> = state.crew.iter().map(|colleague| colleague.ask(task())).collect();
        // Kept by the member until all are added.
        state.member.backward(&coefficients);
        (terms, asked)
    };
    let mut given = Vec::new();
    for share in asked {
        match share.await? {
            Share::Gradients(gradients) => given.push(gradients),
            _ => return Err(misunderstood()),
        }
    }
    let state = &mut *state.borrow_mut();
    let others = given
        .iter()
        .map(|share| share.iter().map(|gradient| gradient.0.as_slice()).collect());
    let own: Vec<&[f32]> = state.member.gradients().collect();
    let all = in_order(&shares, std::iter::once(own).chain(others).collect())?;
    state.gradients.fill(0.0);
    for gradient in all {
        add(&mut state.gradients, gradient);
    }
    state
        .optimiser
        .update(&mut state.parameters, &state.gradients, rate);
    state.version += 1;
    Ok(Answer::Step(terms))
}

fn add(sums: &mut [f32], values: &[f32]) {
    vectorised(
        #[inline(always)]
        || {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += value;
            }
        },
    );
}

/// Loss and overlap of some whole slices, by the initial weights if there are any.
async fn validate(
    state: &RefCell<State>,
    step: u64,
    draws: Vec<Draw>,
    initial: Option<Rc<[f32]>>,
) -> Result<Answer, Error> {
    let (shares, own, asked) = {
        let state = &mut *state.borrow_mut();
        let shares = divided(draws, state.crew.len() + 1);
        let mut asked = Vec::new();
        for (number, images) in shares.iter().enumerate().skip(1).filter(|(_, it)| !it.is_empty()) {
            let weights = state.news_for(number, initial.as_deref()).unwrap_or_default();
            let images = images.clone();
            asked.push(state.crew[number - 1].ask(Task::Judge {
                weights,
                step,
                images,
            }));
        }
        state.refresh(initial.as_deref());
        let own = state.member.judge(step, &shares[0]);
        (shares, own, asked)
    };
    let mut given = vec![own];
    for share in asked {
        match share.await? {
            Share::Judged(judged) => given.push(judged),
            _ => return Err(misunderstood()),
        }
    }
    // Who has no image was not asked.
    given.resize_with(shares.len(), Vec::new);
    let state = state.borrow();
    let judged: Vec<Judged> = in_order(&shares, given)?;
    let sums: Vec<_> = judged.iter().map(|judged| judged.sums.clone()).collect();
    let counts: Vec<u32> = judged.iter().flat_map(|judged| &judged.counts).copied().collect();
    let [pixels, _] = state.member.pixels();
    let (terms, _) = meet(&sums, &state.member.parts(step), pixels);
    Ok(Answer::Validation(
        terms,
        pooled(&counts, state.recipe.network.classes),
    ))
}

impl State {
    /// The weights to validate.
    fn validated(&self) -> &[f32] {
        self.optimiser.validated(&self.parameters)
    }

    /// The weights to judge by, which may be the initial ones, if the member does not know them.
    fn news_for(&mut self, number: usize, initial: Option<&[f32]>) -> Option<Vec<f32>> {
        let version = initial.map_or(self.version, |_| INITIAL);
        let known = self.known[number].replace(version);
        (known != Some(version)).then(|| initial.unwrap_or_else(|| self.validated()).to_vec())
    }

    /// Tells the member here.
    fn refresh(&mut self, initial: Option<&[f32]>) {
        if let Some(weights) = self.news_for(0, initial) {
            self.member.set_judged(&weights);
        }
    }

    fn predict(&mut self, step: u64, draw: Draw) -> Answer {
        self.refresh(None);
        let (labels, ..) = self.member.predict(step, draw);
        let slice = draw.slice;
        Answer::Prediction { slice, labels }
    }

    fn show(&mut self, step: u64, draw: Draw) -> Answer {
        self.refresh(None);
        let (labels, logits, maps) = self.member.predict(step, draw);
        let given = Given {
            logits: logits.into(),
            labels: maps.labels.as_slice().into(),
            contour: maps.contour.as_slice().into(),
            shape: maps.shape,
        };
        let slice = draw.slice;
        Answer::Shown { slice, labels, given }
    }

    fn numbers(&self) -> Vec<f32> {
        let all = std::iter::once(&self.parameters).chain(self.optimiser.changed());
        all.flatten().copied().collect()
    }
}

impl Engine for CrewEngine {
    fn step(&mut self, moment: Moment, picks: &[Pick], rate: f64) {
        let draws = ranged(self.windows.draws(moment.step, picks), &self.subjects);
        self.ask(moment, Job::Step(draws, rate));
    }

    fn validate(&mut self, moment: Moment, slices: &[u32]) {
        self.ask(moment, Job::Validate(plain(slices, &self.subjects)));
    }

    fn validate_initial(&mut self, moment: Moment, slices: &[u32], initial: &[f32]) {
        let draws = plain(slices, &self.subjects);
        self.ask(moment, Job::ValidateInitial(draws, initial.into()));
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn predict(&mut self, moment: Moment, slice: u32) {
        self.ask(moment, Job::Predict(self.plain(slice)));
    }

    fn show(&mut self, moment: Moment, slice: u32) {
        self.ask(moment, Job::Show(self.plain(slice)));
    }

    fn read_weights(&mut self, moment: Moment) {
        self.ask(moment, Job::Weights);
    }

    fn offer_weights(&mut self, moment: Moment) {
        self.ask(moment, Job::Candidate);
    }

    fn prepare<'a>(&'a mut self, _: &'a mut dyn FnMut(usize, usize)) -> Waiting<'a, ()> {
        Box::pin(ready(()))
    }

    fn profile<'a>(&'a mut self, _: &'a [u32]) -> Waiting<'a, Result<Option<Profile>, Error>> {
        Box::pin(ready(Ok(None)))
    }

    fn read_all(&mut self, moment: Moment) {
        self.ask(moment, Job::Numbers);
    }

    fn resume(&mut self, numbers: &[f32], step: u64) -> Result<(), Error> {
        self.drop_all();
        let state = &mut *self.state.borrow_mut();
        let own = std::iter::once(&state.parameters).chain(state.optimiser.changed());
        let lens: Vec<usize> = own.map(Vec::len).collect();
        let pieces = pieces(numbers, &lens).ok_or(Error::Snapshot {
            given: numbers.len(),
            needed: lens.iter().sum(),
        })?;
        state.parameters.copy_from_slice(pieces[0]);
        state.optimiser.resume(&pieces[1..], step as u32);
        state.version += 1;
        Ok(())
    }

    fn restart(&mut self, arena: &[f32]) {
        self.drop_all();
        let state = &mut *self.state.borrow_mut();
        state.parameters.copy_from_slice(arena);
        state.optimiser.reset(&state.parameters);
        state.version += 1;
    }

    fn in_flight(&self) -> usize {
        self.waiting.len() + usize::from(self.running.is_some())
    }

    /// Nothing is done before somebody waits.
    fn try_next(&mut self) -> Option<Outcome> {
        None
    }

    fn next(&mut self) -> Waiting<'_, Option<Outcome>> {
        Box::pin(async {
            if self.running.is_none() {
                let (moment, job) = self.waiting.pop_front()?;
                self.running = Some(Box::pin(work(Rc::clone(&self.state), moment, job)));
            }
            let outcome = self.running.as_mut()?.await;
            self.running = None;
            Some(outcome)
        })
    }
}
