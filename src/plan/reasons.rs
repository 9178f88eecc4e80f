//! Why a setting of a plan is as it is: a sentence with the numbers in it.

use super::augment::{changes, drawn};
use super::words::{counted, moment, percent, rough, significant, times};
use super::{Aspect, Fingerprint, Taking, Work};
use crate::train::{Needs, Recipe};

/// What the sentences are made from.
pub(super) struct Told<'a> {
    pub facts: &'a Fingerprint,
    pub recipe: &'a Recipe,
    pub needs: &'a Needs,
    pub work: &'a Work,
    pub taking: &'a Taking,
    /// Pixels of the grid along both axes.
    pub size: usize,
    pub must_stay: bool,
}

impl Told<'_> {
    pub(super) fn reason(&self, aspect: Aspect) -> String {
        match aspect {
            Aspect::Size => self.size(),
            Aspect::Width => self.width(),
            Aspect::Depth => self.depth(),
            Aspect::Optimiser => self.optimiser(),
            Aspect::Batch => self.batch(),
            Aspect::Steps => self.steps(),
            Aspect::Validation => self.validation(),
            Aspect::Schedule => self.schedule(),
            Aspect::Clipping => self.clipping(),
            Aspect::Augmentation => {
                let drawn = self.recipe.steps * self.recipe.batch as u64;
                changes(self.facts, self.must_stay, drawn).1
            }
            Aspect::ByClass => drawn(self.facts, self.recipe.batch).1,
        }
    }

    fn size(&self) -> String {
        let ([width, height], size) = (self.facts.extent, self.size);
        let longest = self.facts.longest();
        if let Some(mm) = self.facts.pixel_mm {
            let rest = if longest <= size {
                "holds them".to_owned()
            } else {
                format!("is the largest there is, and cuts {} pixels off", longest - size)
            };
            return format!(
                "With pixels of {} mm slices have up to {width} × {height}: {size} × {size} {rest}.",
                significant(mm, 3)
            );
        }
        if longest <= size {
            return format!(
                "Slices have up to {width} × {height} pixels: {size} × {size} is the smallest grid that holds them."
            );
        }
        let step = longest as f64 / size as f64;
        format!(
            "Slices of up to {width} × {height} pixels of {} mm are shrunk to pixels of {} mm: a step takes {} here.",
            significant(self.facts.spacing_mm[0], 2),
            significant(self.facts.spacing_mm[0] * step, 2),
            moment(self.taking.step_seconds)
        )
    }

    fn width(&self) -> String {
        let width = self.recipe.network.width;
        format!(
            "{} at the first level make {} parameters; twice as many would take four times as long.",
            counted(width, "channel"),
            thousands(self.needs.graph.parameter_count())
        )
    }

    fn depth(&self) -> String {
        let depth = self.recipe.network.depth;
        format!(
            "{} halve {} pixels {}: {} are left at the bottom, where one sees the whole slice.",
            counted(depth, "level"),
            self.size,
            times(depth - 1),
            self.size >> (depth - 1)
        )
    }

    fn optimiser(&self) -> String {
        let optimiser = self.recipe.optimiser;
        format!(
            "{} with a rate of {} learns fast where instance norms keep activations in bounds; a decay of {} keeps weights small.",
            optimiser.name(),
            significant(optimiser.learning_rate(), 2),
            significant(optimiser.weight_decay(), 2)
        )
    }

    fn batch(&self) -> String {
        let (batch, slices) = (self.recipe.batch, self.facts.tally.train.slices);
        let megabytes = (self.needs.bytes as f64 / 1e6).ceil();
        let few = if slices < 4 {
            format!(
                "There {}",
                if slices == 1 {
                    "is but 1 training slice".into()
                } else {
                    format!("are but {slices} training slices")
                }
            )
        } else {
            format!(
                "{} at once even out what one of them says",
                counted(batch, "slice")
            )
        };
        format!(
            "{few}: a step takes {} here, and the run about {megabytes} MB.",
            moment(self.taking.step_seconds)
        )
    }

    fn steps(&self) -> String {
        let Recipe { steps, batch, .. } = *self.recipe;
        let slices = self.facts.tally.train.slices;
        let seen = (steps * batch as u64) as f64 / slices.max(1) as f64;
        format!(
            "{steps} steps show {} about {} each, and take about {} here.",
            counted(slices, "training slice"),
            times(seen.round().max(1.0) as usize),
            rough(self.taking.seconds)
        )
    }

    fn validation(&self) -> String {
        let (every, slices) = (self.recipe.validate_every, self.facts.tally.validation.slices);
        if slices == 0 {
            return format!(
                "No slice validates: every {every} steps the run is kept, and no score is known."
            );
        }
        let pass = self.work.steps_of_a_pass();
        format!(
            "{} as long as {} steps: every {every} steps that is {} of the time.",
            if slices == 1 {
                "1 validation slice takes".into()
            } else {
                format!("{slices} validation slices take")
            },
            significant(pass, 2),
            percent(pass / (pass + every as f64))
        )
    }

    fn schedule(&self) -> String {
        let (warm_up, steps) = (self.recipe.regimen.rate.warmup_steps, self.recipe.steps);
        format!(
            "Over the first {warm_up} of {steps} steps the rate rises, while weights are still random; then it falls along a cosine to 0, so that \
             they settle."
        )
    }

    fn clipping(&self) -> String {
        let norm = self.recipe.regimen.clip_norm.unwrap_or(f64::INFINITY);
        format!(
            "Gradients longer than {} are cut: with {} in a batch a single one can throw the weights far.",
            significant(norm, 2),
            counted(self.recipe.batch, "slice")
        )
    }
}

/// Such as "480 thousand" or "1.9 million".
fn thousands(count: usize) -> String {
    let count = count as f64;
    if count < 999_500.0 {
        format!("{} thousand", significant(count / 1e3, 2))
    } else {
        format!("{} million", significant(count / 1e6, 2))
    }
}
