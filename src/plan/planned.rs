//! From data, machine and preset to the settings of a run.

use super::augment::{changes, drawn};
use super::fits::is_modest;
use super::reasons::Told;
use super::{Aspect, DEPTHS, Fingerprint, Learning, Machine, Preset, Rung, SIZES, Settings, Taking, Work};
use crate::optim::{Adam, Optimiser, Shape};
use crate::train::{Error, Needs, Recipe, may_move};
use crate::{contour, loss};

/// The bottom of the network keeps so many pixels along an axis, or down to half of it: fewer levels do not see a whole organ
/// at once, more see nothing but padding.
const BOTTOM: usize = 8;
/// A run that ends within so many seconds is one that a first visit waits for.
const PATIENCE_SECONDS: f64 = 120.0;
/// Steps over which the learning rate rises, at most; of a short run a part.
const WARM_UP: u64 = 50;
const WARM_UP_PART: u64 = 8;
/// A validation may take a tenth of the time of the steps between two of them.
const STEPS_OF_A_PASS: f64 = 10.0;
/// But there are at least four in a run, and no two within so many steps.
const PASSES: u64 = 4;
const SPACE: u64 = 20;
const CLIP_NORM: f64 = 5.0;
const LEARNING_RATE: f64 = 2e-3;

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub facts: &'a Fingerprint,
    pub machine: &'a Machine,
    /// The visitor's, which no plan changes.
    pub loss: &'a loss::Params,
    pub contour: &'a contour::Choice,
}

/// A run as it is planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub preset: Preset,
    /// Those that no [`Aspect`] names are the page's defaults.
    pub settings: Settings,
    pub work: Work,
    /// As far as was known when it was planned.
    pub taking: Taking,
    reasons: Vec<(Aspect, String)>,
}

impl Planned {
    /// Why a setting is as it is, in a sentence.
    #[must_use]
    pub fn reason(&self, aspect: Aspect) -> &str {
        let found = self.reasons.iter().find(|(known, _)| *known == aspect);
        found.map_or("", |(_, reason)| reason)
    }
}

/// A rung that has been tried.
struct Tried {
    recipe: Recipe,
    needs: Needs,
    work: Work,
    taking: Taking,
    is_modest: bool,
}

/// What a preset makes of the data on a machine: its first rung that fits and ends in time, else its last.
///
/// # Errors
/// Where there is no network for the data, whatever the size.
pub fn plan(preset: Preset, question: &Question<'_>) -> Result<Planned, Error> {
    let mut last = None;
    for rung in preset.rungs() {
        let tried = question.try_batches(rung)?;
        let is_taken = tried.is_modest && tried.taking.seconds <= preset.budget_seconds();
        last = Some(tried);
        if is_taken {
            break;
        }
    }
    // A preset has a rung; this is for the compiler.
    let tried = last.ok_or(Error::NothingToTrain)?;
    Ok(question.finish(preset, &tried))
}

/// Each preset's, in their order.
///
/// # Errors
/// As [`plan`].
pub fn plans(question: &Question<'_>) -> Result<[Planned; 3], Error> {
    let [quick, standard, thorough] = Preset::ALL.map(|preset| plan(preset, question));
    Ok([quick?, standard?, thorough?])
}

/// The one that a visit begins with: the largest that ends within about two minutes.
#[must_use]
pub fn usual(plans: &[Planned; 3]) -> Preset {
    let in_time = |plan: &&Planned| plan.taking.seconds <= PATIENCE_SECONDS;
    let found = plans.iter().rev().find(in_time);
    found.map_or(Preset::Quick, |plan| plan.preset)
}

/// The smallest grid on offer that holds slices whose longer side has so many pixels; the largest, if none does.
fn holding(longest: usize) -> usize {
    let largest = SIZES[SIZES.len() - 1];
    SIZES.into_iter().find(|size| *size >= longest).unwrap_or(largest)
}

/// The fewest levels on offer with a bottom of [`BOTTOM`] pixels or fewer.
fn depth(size: usize) -> usize {
    let fits = |depth: &usize| size >> (depth - 1) <= BOTTOM;
    DEPTHS.into_iter().find(fits).unwrap_or(DEPTHS[DEPTHS.len() - 1])
}

impl Question<'_> {
    /// A rung with its batch, or half of it until it is modest.
    fn try_batches(&self, rung: &Rung) -> Result<Tried, Error> {
        let mut batch = rung.batch.min(self.facts.tally.train.slices).max(1);
        loop {
            let tried = self.attempt(rung, batch)?;
            if tried.is_modest || batch == 1 {
                return Ok(tried);
            }
            batch /= 2;
        }
    }

    fn attempt(&self, rung: &Rung, batch: usize) -> Result<Tried, Error> {
        let mut recipe = self.recipe(rung, batch);
        let data = self.facts.data(self.size(rung));
        let needs = recipe.needs(&data)?;
        recipe.validate_every = validate_every(&Work::of(&recipe, &data)?);
        let work = Work::of(&recipe, &data)?;
        let taking = self.machine.taking(&work);
        Ok(Tried {
            is_modest: is_modest(&needs, &data, self.machine.engine.is_gpu()),
            recipe,
            needs,
            work,
            taking,
        })
    }

    /// Slices of a chosen pixel are not shrunk: a smaller grid would cut them off.
    fn size(&self, rung: &Rung) -> usize {
        let holding = holding(self.facts.longest());
        if self.facts.pixel_mm.is_some() {
            holding
        } else {
            holding.min(rung.size)
        }
    }

    fn recipe(&self, rung: &Rung, batch: usize) -> Recipe {
        let (depth, classes) = (depth(self.size(rung)), self.facts.classes.len());
        let settings = Settings {
            width: rung.width,
            depth,
            ..Settings::default()
        };
        let mut network = settings.network(classes);
        network.in_channels = self.facts.channels;
        let warm_up = (rung.steps / WARM_UP_PART / 5 * 5).min(WARM_UP);
        let learning = Learning {
            shape: Shape::Cosine,
            warmup_steps: warm_up as f64,
            clips: true,
            clip_norm: CLIP_NORM,
            ..Learning::default()
        };
        let must_stay = may_move(self.loss, self.contour).is_err();
        let mut augmentation = changes(self.facts, must_stay, rung.steps * batch as u64).0;
        augmentation.by_class = drawn(self.facts, batch).0;
        Recipe {
            network,
            contour: *self.contour,
            loss: self.loss.clone(),
            optimiser: Optimiser::AdamW(Adam {
                learning_rate: LEARNING_RATE,
                ..Adam::decoupled()
            }),
            batch,
            steps: rung.steps,
            validate_every: SPACE,
            seed: settings.seed as u64,
            augmentation,
            half_activations: false,
            // Whole numbers from above: no setting of it can be refused.
            regimen: learning.regimen().unwrap_or_default(),
            patch: None,
        }
    }

    fn finish(&self, preset: Preset, tried: &Tried) -> Planned {
        let recipe = &tried.recipe;
        let size = tried.needs.pieces[0].size[0];
        let mut settings = Settings {
            size,
            width: recipe.network.width,
            depth: recipe.network.depth,
            optimiser: recipe.optimiser,
            batch: recipe.batch as f64,
            steps: recipe.steps as f64,
            validate_every: recipe.validate_every as f64,
            augmentation: recipe.augmentation,
            ..Settings::default()
        };
        settings.learning.shape = recipe.regimen.rate.shape;
        settings.learning.warmup_steps = recipe.regimen.rate.warmup_steps as f64;
        settings.learning.clips = true;
        settings.learning.clip_norm = CLIP_NORM;
        let told = Told {
            facts: self.facts,
            recipe,
            needs: &tried.needs,
            work: &tried.work,
            taking: &tried.taking,
            size,
            must_stay: may_move(self.loss, self.contour).is_err(),
        };
        Planned {
            preset,
            settings,
            work: tried.work,
            taking: tried.taking,
            reasons: Aspect::ALL.map(|aspect| (aspect, told.reason(aspect))).to_vec(),
        }
    }
}

/// Steps between two validations.
fn validate_every(work: &Work) -> u64 {
    let cheap = (STEPS_OF_A_PASS * work.steps_of_a_pass() / 10.0).ceil() as u64 * 10;
    cheap.clamp(SPACE, (work.steps / PASSES).max(SPACE))
}

#[cfg(test)]
mod tests;
