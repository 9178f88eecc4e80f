//! Optimisers: what may be chosen, and the state of a run on the GPU or on the CPU.
//!
//! An update is one dispatch over the whole arena of parameters. What changes from step to step (learning rate,
//! bias corrections) is rewritten by [`GpuState::advance`] before each submit. What [`Options`] ask for comes before it
//! (the norm of the gradients) or after it (the averaged weights).

mod adam;
mod cpu;
mod gpu;
mod options;
mod rate;
mod sgd;

pub use adam::Adam;
pub use cpu::CpuState;
pub use gpu::GpuState;
pub use options::Options;
pub use rate::{RateSchedule, Shape};
pub use sgd::Sgd;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An optimiser with its settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimiser {
    /// Kingma and Ba 2015; the weight decay is added to the gradient.
    Adam(Adam),
    /// Loshchilov and Hutter 2019; the weight decay shrinks the parameter instead.
    AdamW(Adam),
    /// Stochastic gradient descent with momentum, Nesterov's if wished.
    Sgd(Sgd),
}

/// As people write it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Optimiser", tag = "kind")]
enum Written {
    Adam(Adam),
    AdamW(Adam),
    Sgd(Sgd),
}

/// For formats that do not say what they hold.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Optimiser")]
enum Told {
    Adam(Adam),
    AdamW(Adam),
    Sgd(Sgd),
}

impl Serialize for Optimiser {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Written::serialize(self, serializer)
        } else {
            Told::serialize(self, serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Optimiser {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Written::deserialize(deserializer)
        } else {
            Told::deserialize(deserializer)
        }
    }
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

    #[must_use]
    pub fn weight_decay(&self) -> f64 {
        match self {
            Self::Adam(adam) | Self::AdamW(adam) => adam.weight_decay,
            Self::Sgd(sgd) => sgd.weight_decay,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::{Context, Recording, Request, Tensor};

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

    /// Elements that stay as they are.
    const FROZEN: usize = Tensor::ALIGNMENT;

    fn options() -> [Options; 4] {
        let off = Options::default();
        let clipped = Options {
            clip_norm: Some(0.7),
            ..off
        };
        let averaged = Options {
            averaging: Some(0.6),
            ..clipped
        };
        let frozen = Options {
            frozen: FROZEN,
            ..averaged
        };
        [off, clipped, averaged, frozen]
    }

    /// Some roundings of numbers below 1.
    const CLOSE: f64 = 1e-6;

    #[test]
    fn both_states_take_the_same_steps_and_reset() {
        let context = pollster::block_on(Context::poisoned(Request::Software)).unwrap();
        let start: Vec<f32> = (0..192_i16).map(|i| f32::from(i).sin()).collect();
        let gradients: Vec<f32> = (0..192_i16).map(|i| f32::from(i).cos() / 3.0).collect();
        let agree = |got: &Tensor, expected: &[f64]| {
            let got: Vec<f32> = pollster::block_on(got.read(&context)).unwrap();
            let close = |(got, expected): (&f32, &f64)| (f64::from(*got) - expected).abs() <= CLOSE;
            got.len() == expected.len() && got.iter().zip(expected).all(close)
        };
        for (optimiser, options) in Optimiser::all()
            .into_iter()
            .flat_map(|o| options().map(|p| (o, p)))
        {
            let parameters = Tensor::from_slice(&context, "parameters", &start).unwrap();
            let slopes = Tensor::from_slice(&context, "gradients", &gradients).unwrap();
            let mut recording = Recording::new(&context);
            let mut gpu = GpuState::record(&mut recording, &parameters, &slopes, optimiser, options).unwrap();
            let mut cpu = CpuState::new(optimiser, options, start.len());
            for round in 0..2 {
                let mut expected: Vec<f64> = start.iter().map(|p| f64::from(*p)).collect();
                let slopes: Vec<f64> = gradients.iter().map(|g| f64::from(*g)).collect();
                parameters.write(&context, &start);
                gpu.reset(&context);
                cpu.reset(&expected);
                for lr in [0.01, 0.02, 0.005] {
                    gpu.advance(lr);
                    context.submit(|encoder| recording.replay(encoder));
                    cpu.update(&mut expected, &slopes, lr);
                }
                let what = format!("{optimiser:?} with {options:?} in round {round}");
                assert!(agree(&parameters, &expected), "{what}");
                assert!(
                    agree(gpu.validated(), cpu.validated(&expected)),
                    "{what}, averaged"
                );
                assert!(
                    (expected[100] - f64::from(start[100])).abs() > 1e-3,
                    "nothing moved"
                );
                let stays = (expected[5] - f64::from(start[5])).abs() == 0.0;
                assert_eq!(stays, options.frozen > 5, "{what}");
                let averages = cpu.validated(&expected) != expected;
                assert_eq!(averages, options.averaging.is_some(), "{what}");
                assert_eq!((gpu.step(), cpu.step()), (3, 3));
            }
        }
        assert_eq!(context.fault(), None);
    }

    #[test]
    fn absurd_options_are_named() {
        assert!(options().iter().all(|options| options.validate().is_ok()));
        let off = Options::default();
        let absurd = [
            Options {
                clip_norm: Some(0.0),
                ..off
            },
            Options {
                clip_norm: Some(f64::NAN),
                ..off
            },
            Options {
                averaging: Some(1.0),
                ..off
            },
        ];
        for options in absurd {
            let error = options.validate().unwrap_err();
            assert!(error.to_string().contains("Choose a value"), "{error}");
        }
    }
}
