//! How fast a machine computes, and how long a run will take on it.

use super::Measured;
use super::words::rough;
use crate::gpu::AdapterKind;
use crate::train::{Error, Extent, Recipe};

/// A step goes forward once and takes two gradients.
const STEP: f64 = 3.0;
/// What each further worker of a crew adds to the first.
const FURTHER_WORKER: f64 = 0.6;
/// A step takes as long as its convolutions are large, but only roughly: dispatches and tiny layers cost time of their own.
/// A step that was measured says nothing exact of one that is so many times larger or smaller.
const FARTHEST: f64 = 4.0;

/// What kind of machine computes a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The processor, by so many workers.
    Processor { workers: usize },
    /// A graphics adapter that is a program on the processor.
    Software,
    /// A graphics adapter that shares the processor's memory.
    Integrated,
    /// A graphics card.
    Discrete,
}

impl Engine {
    /// A graphics adapter of this kind.
    #[must_use]
    pub fn of_adapter(kind: AdapterKind) -> Self {
        match kind {
            AdapterKind::Software => Self::Software,
            AdapterKind::Integrated => Self::Integrated,
            AdapterKind::Discrete => Self::Discrete,
        }
    }

    #[must_use]
    pub fn is_gpu(self) -> bool {
        !matches!(self, Self::Processor { .. })
    }

    /// Multiply-adds a second of a whole step, before anything was measured. The first two are measured on two cores of a
    /// server, the last two are guesses: an eighth of what such adapters are said to do at most.
    fn assumed(self) -> f64 {
        match self {
            Self::Processor { workers } => 6e9 * (1.0 + FURTHER_WORKER * (workers.max(1) - 1) as f64),
            Self::Software => 3e9,
            Self::Integrated => 6e10,
            Self::Discrete => 5e11,
        }
    }

    /// Seconds that a step or a batch that validates takes beside its arithmetic.
    fn overhead(self) -> f64 {
        match self {
            Self::Processor { .. } => 1e-3,
            Self::Software => 2e-2,
            Self::Integrated => 8e-3,
            Self::Discrete => 4e-3,
        }
    }
}

/// What a run computes, in multiply-adds of its convolutions forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Of a step.
    pub step: u64,
    pub steps: u64,
    /// Of a pass over the validation slices.
    pub pass: u64,
    pub passes: u64,
    /// Batches of such a pass.
    pub chunks: u64,
}

impl Work {
    /// # Errors
    /// Where there is no such network.
    pub fn of(recipe: &Recipe, data: &Extent) -> Result<Self, Error> {
        let [width, height] = data.grid;
        let whole = recipe.graph(height, width)?;
        let chunk = recipe.chunk(data.validation, data.grid)?.max(1);
        Ok(Self {
            step: recipe.training_graph(height, width)?.multiply_adds(recipe.batch),
            steps: recipe.steps,
            pass: whole.multiply_adds(data.validation),
            // The first of them is of the initial weights.
            passes: 1 + recipe.steps.div_ceil(recipe.validate_every.max(1)),
            chunks: data.validation.div_ceil(chunk) as u64,
        })
    }

    /// Multiply-adds of the whole run, gradients included.
    #[must_use]
    pub fn multiply_adds(&self) -> f64 {
        STEP * self.step as f64 * self.steps as f64 + self.pass as f64 * self.passes as f64
    }

    /// Steps that take as long as a pass over the validation slices.
    #[must_use]
    pub fn steps_of_a_pass(&self) -> f64 {
        self.pass as f64 / (STEP * self.step.max(1) as f64)
    }
}

/// How a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// From a step of about the same size that was measured on this machine.
    Measured,
    /// From another one, or from what such machines do.
    Estimated,
}

/// A time, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taking {
    /// Of a step.
    pub step_seconds: f64,
    /// Of the whole run, validations included.
    pub seconds: f64,
    pub known: Known,
}

/// What computes, and what is known of its speed.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    pub engine: Engine,
    /// What was measured on it.
    pub measured: Vec<Measured>,
}

impl Machine {
    /// Of which nothing was measured.
    #[must_use]
    pub fn unmeasured(engine: Engine) -> Self {
        Self {
            engine,
            measured: Vec::new(),
        }
    }

    /// How long a run takes.
    #[must_use]
    pub fn taking(&self, work: &Work) -> Taking {
        let (rate, overhead, known) = self.rate(work.step);
        let batches = (work.steps + work.passes * work.chunks) as f64;
        Taking {
            step_seconds: STEP * work.step as f64 / rate + overhead,
            seconds: work.multiply_adds() / rate + overhead * batches,
            known,
        }
    }

    /// Multiply-adds a second of a run whose step has so many forwards, and what each batch takes beside.
    fn rate(&self, step: u64) -> (f64, f64, Known) {
        let apart = |one: &Measured| (step.max(1) as f64 / one.work.max(1) as f64).ln();
        let near = self
            .measured
            .iter()
            .min_by(|one, other| apart(one).abs().total_cmp(&apart(other).abs()));
        let assumed = self.engine.assumed();
        match near {
            // What it takes beside its arithmetic has been measured along with it.
            Some(near) if apart(near).abs() <= FARTHEST.ln() => (near.rate, 0.0, Known::Measured),
            // A larger step is computed at least as fast as a smaller one, and no faster the other way round.
            Some(near) if apart(near) > 0.0 => {
                (assumed.max(near.rate), self.engine.overhead(), Known::Estimated)
            }
            Some(near) => (assumed.min(near.rate), self.engine.overhead(), Known::Estimated),
            None => (assumed, self.engine.overhead(), Known::Estimated),
        }
    }
}

impl Taking {
    /// Such as "about 40 s, estimated".
    #[must_use]
    pub fn said(&self) -> String {
        let known = match self.known {
            Known::Measured => "measured",
            Known::Estimated => "estimated",
        };
        format!("about {}, {known}", rough(self.seconds))
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    const WORK: Work = Work {
        step: 1_000_000_000,
        steps: 100,
        pass: 2_000_000_000,
        passes: 6,
        chunks: 5,
    };

    fn measured(work: u64, rate: f64) -> Measured {
        Measured {
            by: "it".into(),
            work,
            rate,
        }
    }

    #[test]
    fn a_faster_kind_of_machine_is_said_to_take_less() {
        let engines = [
            Engine::Software,
            Engine::Processor { workers: 1 },
            Engine::Processor { workers: 2 },
            Engine::Integrated,
            Engine::Discrete,
        ];
        assert_eq!(
            [Engine::Software, Engine::Integrated, Engine::Discrete],
            [
                AdapterKind::Software,
                AdapterKind::Integrated,
                AdapterKind::Discrete
            ]
            .map(Engine::of_adapter)
        );
        assert_eq!(engines.map(Engine::is_gpu), [true, false, false, true, true]);
        let times = engines.map(|engine| Machine::unmeasured(engine).taking(&WORK));
        assert!(
            times.windows(2).all(|pair| pair[1].seconds < pair[0].seconds),
            "{times:?}"
        );
        // 3 · 100 + 2 · 6 thousand million at 6 thousand million a second, and 130 batches of 1 ms beside.
        let one = times[1];
        assert!((one.seconds - (312.0 / 6.0 + 0.130)).abs() <= 1e-9, "{one:?}");
        assert!((one.step_seconds - 0.501).abs() <= 1e-9);
        assert_eq!(one.said(), "about 52 s, estimated");
        let none = Engine::Processor { workers: 0 };
        assert_eq!(Machine::unmeasured(none).taking(&WORK).seconds, one.seconds);
    }

    #[test]
    fn what_was_measured_nearby_decides_and_further_off_it_is_a_bound() {
        let machine = |measured: Vec<Measured>| Machine {
            engine: Engine::Processor { workers: 1 },
            measured,
        };
        let near = machine(vec![measured(3_000_000_000, 1e9), measured(100, 7.0)]).taking(&WORK);
        assert_eq!((near.seconds, near.known), (312.0, Known::Measured));
        assert_eq!(near.said(), "about 5 min 12 s, measured");
        let guess = machine(Vec::new()).taking(&WORK).seconds;
        for (work, rate, order) in [
            (10, 1e8, Ordering::Equal),
            (10, 1e10, Ordering::Less),
            (10_000_000_000, 1e9, Ordering::Greater),
            (10_000_000_000, 1e11, Ordering::Equal),
        ] {
            let told = machine(vec![measured(work, rate)]).taking(&WORK);
            assert_eq!(told.known, Known::Estimated);
            assert_eq!(told.seconds.total_cmp(&guess), order, "{rate} at {work}");
        }
    }

    #[test]
    fn work_counts_steps_and_validations() {
        let settings = super::super::Settings::default();
        let recipe = settings
            .recipe(
                3,
                crate::contour::Choice::default(),
                crate::loss::Params::default(),
            )
            .unwrap();
        let data = Extent {
            grid: [128; 2],
            slices: 30,
            modalities: 1,
            validation: 6,
        };
        let work = Work::of(&recipe, &data).unwrap();
        let graph = recipe.graph(128, 128).unwrap();
        assert_eq!(
            (work.step, work.pass),
            (graph.multiply_adds(4), graph.multiply_adds(6))
        );
        // Steps 0, 20, … 300; of at most 4 slices, 3 divide 6 evenly.
        assert_eq!((work.steps, work.passes, work.chunks), (300, 16, 2));
        assert!((work.steps_of_a_pass() - 0.5).abs() <= 1e-12);
        let none = Work::of(
            &recipe,
            &Extent {
                validation: 0,
                ..data
            },
        )
        .unwrap();
        assert_eq!((none.pass, none.chunks), (0, 0));
    }
}
