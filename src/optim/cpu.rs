//! The state of a run on the CPU.

use super::{Optimiser, Options};
use crate::reference::{self, Real};

/// The moments of a run, and its averaged weights.
#[derive(Clone, Debug)]
pub struct CpuState<T> {
    optimiser: Optimiser,
    options: Options,
    step: u32,
    moments: Vec<Vec<T>>,
    average: Option<Vec<T>>,
}

impl<T: Real> CpuState<T> {
    /// For `count` parameters, those that stay as they are among them.
    #[must_use]
    pub fn new(optimiser: Optimiser, options: Options, count: usize) -> Self {
        Self {
            optimiser,
            options,
            step: 0,
            moments: vec![vec![T::zero(); count - options.frozen]; optimiser.moments()],
            average: options.averaging.map(|_| vec![T::zero(); count]),
        }
    }

    /// Steps taken.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// m and v, or the momentum buffer, of what is trained.
    #[must_use]
    pub fn moments(&self) -> &[Vec<T>] {
        &self.moments
    }

    /// The weights to validate: the averaged ones where there are some, else `parameters`.
    #[must_use]
    pub fn validated<'a>(&'a self, parameters: &'a [T]) -> &'a [T] {
        self.average.as_deref().unwrap_or(parameters)
    }

    /// Everything but the parameters that a step changes: the moments, and the averaged weights where there are some.
    pub fn changed(&self) -> impl Iterator<Item = &Vec<T>> {
        self.moments.iter().chain(&self.average)
    }

    /// Puts back what [`CpuState::changed`] gave after `step` steps.
    pub fn resume(&mut self, pieces: &[&[f32]], step: u32) {
        self.step = step;
        for (values, piece) in self.moments.iter_mut().chain(&mut self.average).zip(pieces) {
            *values = piece.iter().map(|value| T::of(f64::from(*value))).collect();
        }
    }

    /// Takes one step.
    pub fn update(&mut self, parameters: &mut [T], gradients: &[T], learning_rate: f64) {
        self.step += 1;
        let slopes = &gradients[self.options.frozen..];
        let factor = self.options.clip_norm.map_or(T::one(), |norm| {
            let [factor, _] = reference::gradient_norm::gradient_norm(slopes, T::of(norm));
            factor
        });
        let trained = &mut parameters[self.options.frozen..];
        match (self.optimiser, self.moments.as_mut_slice()) {
            (Optimiser::Adam(adam) | Optimiser::AdamW(adam), [m, v]) => {
                let decoupled = matches!(self.optimiser, Optimiser::AdamW(_));
                let step = adam.step(self.step, learning_rate, decoupled);
                reference::adam::adam(trained, m, v, slopes, factor, &step);
            }
            (Optimiser::Sgd(sgd), [buffer]) => {
                reference::sgd::sgd(trained, buffer, slopes, factor, &sgd.step(learning_rate));
            }
            _ => unreachable!("as many moments as the optimiser keeps"),
        }
        if let (Some(average), Some(rate)) = (&mut self.average, self.options.averaging_rate(self.step)) {
            reference::average::average(average, parameters, T::of(rate));
        }
    }

    /// Back to before the first step, from these parameters.
    pub fn reset(&mut self, parameters: &[T]) {
        self.step = 0;
        for moment in &mut self.moments {
            moment.fill(T::zero());
        }
        if let Some(average) = &mut self.average {
            average.copy_from_slice(parameters);
        }
    }
}
