//! A step without a study: what has to be compiled for a recipe, and how long a step takes.

use super::{Dataset, Error, Event, Extent, Recipe, Session, Split};
use crate::gpu::now_ms;

/// As many slices stand in for a study's: a batch may be larger, and takes them over and over.
const SLICES: usize = 8;
/// Steps that are shorter are measured several in a row.
const SHORT_MS: f64 = 200.0;
/// At most so many.
const MOST_STEPS: f64 = 10.0;

impl Dataset {
    /// Slices that stand in for a study's of this size: every class in each of them. A session on them computes and compiles
    /// what one on the study does, but for what its labels say.
    #[must_use]
    pub fn stand_in(recipe: &Recipe, extent: &Extent) -> Self {
        let [width, height] = extent.grid;
        let (area, classes) = (width * height, recipe.network.classes);
        let slices = extent.slices.clamp(1, SLICES);
        let stripes = (0..area).map(|i| (i % width * classes / width) as u32);
        let labels: Vec<u32> = stripes.cycle().take(area * slices).collect();
        let images = (0..area * slices * extent.modalities).map(|i| (i % 97) as f32 / 97.0);
        let numbers = |count: usize| (0..count).map(|i| (i % slices) as u32).collect();
        let split = Split {
            train: numbers(slices),
            validation: numbers(extent.validation),
        };
        let channels = recipe.network.in_channels / extent.modalities.max(1);
        Self {
            context: channels.saturating_sub(1) / 2,
            ..Self::ready(images.collect(), labels, classes, extent.grid, split)
        }
    }
}

impl Recipe {
    /// The recipe of a session that is only there to be timed: nothing is validated.
    #[must_use]
    pub fn endless(&self) -> Self {
        Self {
            steps: 100_000,
            validate_every: 100_000,
            ..self.clone()
        }
    }
}

impl Session {
    /// Milliseconds of a step behind one that warms up, with as many results under way at once as `lead` says. Short steps are
    /// averaged. For a session of a recipe that is [endless](Recipe::endless), and of no other use afterwards.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn time_step(&mut self, lead: usize) -> Result<f64, Error> {
        self.time_steps(1, lead).await?;
        let one = self.time_steps(1, lead).await?;
        if one >= SHORT_MS {
            return Ok(one);
        }
        let steps = (SHORT_MS / one.max(1.0)).clamp(1.0, MOST_STEPS).floor();
        Ok(self.time_steps(steps as usize, lead).await? / steps)
    }

    async fn time_steps(&mut self, steps: usize, lead: usize) -> Result<f64, Error> {
        let start = now_ms();
        let (mut submitted, mut done) = (0, 0);
        while done < steps {
            while submitted < steps && self.in_flight() < lead.max(1) {
                self.step();
                submitted += 1;
            }
            if let Some(event) = self.next().await
                && matches!(event?, Event::Step { .. })
            {
                done += 1;
            }
        }
        Ok(now_ms() - start)
    }
}
