//! Optimisers: what may be chosen, and the state of a run on the GPU or on the CPU.
//!
//! An update is one dispatch over the whole arena of parameters. What changes from step to step (learning rate,
//! bias corrections) is rewritten by [`GpuState::advance`] before each submit.

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

use serde::{Deserialize, Serialize};

use crate::gpu::{self, Context, Recording, Tensor, Uniforms};
use crate::ops;
use crate::reference::{self, Real};

/// An optimiser with its settings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Optimiser {
    /// Kingma and Ba 2015; the weight decay is added to the gradient.
    Adam(Adam),
    /// Loshchilov and Hutter 2019; the weight decay shrinks the parameter instead.
    AdamW(Adam),
    /// Stochastic gradient descent with momentum, Nesterov's if wished.
    Sgd(Sgd),
}

impl Default for Optimiser {
    fn default() -> Self {
        Self::Adam(Adam::default())
    }
}

/// A setting with which nothing can be learned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Check the named setting against its range.
    #[error("{name} is {value}, outside {low} to {high}. Choose a value in that range.")]
    Range {
        name: &'static str,
        value: f64,
        low: f64,
        high: f64,
    },
    /// Nesterov's look-ahead needs a momentum.
    #[error(
        "Nesterov's look-ahead needs a momentum, and the momentum is 0. Raise it, or switch Nesterov off."
    )]
    NothingToLookAhead,
}

impl Optimiser {
    /// Each with its defaults, in the order of a menu.
    #[must_use]
    pub fn all() -> [Self; 3] {
        [
            Self::Adam(Adam::default()),
            Self::AdamW(Adam::decoupled()),
            Self::Sgd(Sgd::default()),
        ]
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Adam(_) => "Adam",
            Self::AdamW(_) => "AdamW",
            Self::Sgd(_) => "SGD",
        }
    }

    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        match self {
            Self::Adam(adam) | Self::AdamW(adam) => adam.learning_rate,
            Self::Sgd(sgd) => sgd.learning_rate,
        }
    }

    /// Numbers kept for each parameter beside its gradient: m and v, or the momentum buffer.
    #[must_use]
    pub fn moments(&self) -> usize {
        match self {
            Self::Adam(_) | Self::AdamW(_) => 2,
            Self::Sgd(_) => 1,
        }
    }

    /// # Errors
    /// When a setting is outside its range, NaN included.
    pub fn validate(&self) -> Result<(), Error> {
        match self {
            Self::Adam(adam) | Self::AdamW(adam) => adam.validate(),
            Self::Sgd(sgd) => sgd.validate(),
        }
    }
}

fn in_ranges(ranges: &[(&'static str, f64, f64, f64)]) -> Result<(), Error> {
    for &(name, value, low, high) in ranges {
        if !(low..=high).contains(&value) {
            return Err(Error::Range {
                name,
                value,
                low,
                high,
            });
        }
    }
    Ok(())
}

/// The moments of a run on the GPU, and the uniform that each step rewrites.
#[derive(Debug)]
pub struct GpuState {
    optimiser: Optimiser,
    step: u32,
    count: usize,
    uniforms: Uniforms,
    moments: Vec<Tensor>,
}

impl GpuState {
    /// Records the update of `parameters` from `gradients`: two arenas of one length, each in its own buffer.
    /// Call [`GpuState::advance`] before every submit.
    ///
    /// # Errors
    /// [`gpu::Error::TooLarge`] past the binding limit.
    pub fn record(
        recording: &mut Recording,
        parameters: &Tensor,
        gradients: &Tensor,
        optimiser: Optimiser,
    ) -> Result<Self, gpu::Error> {
        let count = parameters.len();
        let zeros = vec![0.0_f32; count];
        let moments = (0..optimiser.moments())
            .map(|_| Tensor::from_slice(recording.context(), "optimiser moment", &zeros))
            .collect::<Result<Vec<_>, _>>()?;
        let lr = optimiser.learning_rate();
        let uniforms = match optimiser {
            Optimiser::Adam(adam) | Optimiser::AdamW(adam) => {
                let params = adam.params(count, 1, lr, matches!(optimiser, Optimiser::AdamW(_)));
                let [m, v] = [&moments[0], &moments[1]];
                ops::adam::record(recording, parameters, m, v, gradients, &params)
            }
            Optimiser::Sgd(sgd) => {
                let params = sgd.params(count, lr);
                ops::sgd::record(recording, parameters, &moments[0], gradients, &params)
            }
        };
        Ok(Self {
            optimiser,
            step: 0,
            count,
            uniforms,
            moments,
        })
    }

    /// Steps taken.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// m and v, or the momentum buffer.
    #[must_use]
    pub fn moments(&self) -> &[Tensor] {
        &self.moments
    }

    /// Readies the next step, for whatever is submitted afterwards.
    pub fn advance(&mut self, learning_rate: f64) {
        self.step += 1;
        match self.optimiser {
            Optimiser::Adam(adam) | Optimiser::AdamW(adam) => {
                let decoupled = matches!(self.optimiser, Optimiser::AdamW(_));
                let params = adam.params(self.count, self.step, learning_rate, decoupled);
                self.uniforms.write(&params);
            }
            Optimiser::Sgd(sgd) => self.uniforms.write(&sgd.params(self.count, learning_rate)),
        }
    }

    /// Back to before the first step.
    pub fn reset(&mut self, context: &Context) {
        self.step = 0;
        for moment in &self.moments {
            moment.write(context, &vec![0.0_f32; self.count]);
        }
    }
}

/// The moments of a run on the CPU.
#[derive(Clone, Debug)]
pub struct CpuState<T> {
    optimiser: Optimiser,
    step: u32,
    moments: Vec<Vec<T>>,
}

impl<T: Real> CpuState<T> {
    /// For `count` parameters.
    #[must_use]
    pub fn new(optimiser: Optimiser, count: usize) -> Self {
        Self {
            optimiser,
            step: 0,
            moments: vec![vec![T::zero(); count]; optimiser.moments()],
        }
    }

    /// Steps taken.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// m and v, or the momentum buffer.
    #[must_use]
    pub fn moments(&self) -> &[Vec<T>] {
        &self.moments
    }

    /// Takes one step.
    pub fn update(&mut self, parameters: &mut [T], gradients: &[T], learning_rate: f64) {
        self.step += 1;
        match (self.optimiser, self.moments.as_mut_slice()) {
            (Optimiser::Adam(adam) | Optimiser::AdamW(adam), [m, v]) => {
                let decoupled = matches!(self.optimiser, Optimiser::AdamW(_));
                let step = adam.step(self.step, learning_rate, decoupled);
                reference::adam::adam(parameters, m, v, gradients, &step);
            }
            (Optimiser::Sgd(sgd), [buffer]) => {
                reference::sgd::sgd(parameters, buffer, gradients, &sgd.step(learning_rate));
            }
            _ => unreachable!("as many moments as the optimiser keeps"),
        }
    }

    /// Back to before the first step.
    pub fn reset(&mut self) {
        self.step = 0;
        for moment in &mut self.moments {
            moment.fill(T::zero());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_absurd_settings_are_named() {
        for optimiser in Optimiser::all() {
            assert_eq!(optimiser.validate(), Ok(()), "{optimiser:?}");
            let text = serde_json::to_string(&optimiser).unwrap();
            assert_eq!(serde_json::from_str::<Optimiser>(&text).unwrap(), optimiser);
        }
        let adam = Adam::default();
        let absurd = [
            Optimiser::Adam(Adam {
                learning_rate: f64::NAN,
                ..adam
            }),
            Optimiser::Adam(Adam { beta1: 1.0, ..adam }),
            Optimiser::AdamW(Adam {
                weight_decay: -0.1,
                ..adam
            }),
            Optimiser::Adam(Adam { eps: 0.0, ..adam }),
            Optimiser::Sgd(Sgd {
                momentum: 1.5,
                ..Sgd::default()
            }),
        ];
        for optimiser in absurd {
            let error = optimiser.validate().unwrap_err();
            assert!(error.to_string().contains("Choose a value"), "{error}");
        }
        let still = Sgd {
            momentum: 0.0,
            nesterov: true,
            ..Sgd::default()
        };
        assert_eq!(still.validate(), Err(Error::NothingToLookAhead));
    }

    #[test]
    fn both_states_take_the_same_steps_and_reset() {
        let context = pollster::block_on(Context::poisoned(gpu::Request::Software)).unwrap();
        let start: Vec<f32> = (0..77_i16).map(|i| f32::from(i).sin()).collect();
        let gradients: Vec<f32> = (0..77_i16).map(|i| f32::from(i).cos() / 3.0).collect();
        for optimiser in Optimiser::all() {
            let parameters = Tensor::from_slice(&context, "parameters", &start).unwrap();
            let slopes = Tensor::from_slice(&context, "gradients", &gradients).unwrap();
            let mut recording = Recording::new(&context);
            let mut gpu = GpuState::record(&mut recording, &parameters, &slopes, optimiser).unwrap();
            let mut cpu = CpuState::new(optimiser, start.len());
            for round in 0..2 {
                let mut expected: Vec<f64> = start.iter().map(|p| f64::from(*p)).collect();
                let slopes: Vec<f64> = gradients.iter().map(|g| f64::from(*g)).collect();
                for lr in [0.01, 0.02, 0.005] {
                    gpu.advance(lr);
                    context.submit(|encoder| recording.replay(encoder));
                    cpu.update(&mut expected, &slopes, lr);
                }
                let got: Vec<f32> = pollster::block_on(parameters.read(&context)).unwrap();
                for (got, expected) in got.iter().zip(&expected) {
                    // Some roundings of numbers below 1.
                    assert!(
                        (f64::from(*got) - expected).abs() <= 1e-6,
                        "{optimiser:?} in round {round}"
                    );
                }
                assert!((expected[5] - f64::from(start[5])).abs() > 1e-3, "nothing moved");
                assert_eq!((gpu.step(), cpu.step()), (3, 3));
                parameters.write(&context, &start);
                gpu.reset(&context);
                cpu.reset();
            }
        }
        assert_eq!(context.fault(), None);
    }
}
