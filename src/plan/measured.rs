//! What was measured on this machine in earlier runs.

use serde::{Deserialize, Serialize};

use super::Work;

/// So many networks are remembered.
const MOST: usize = 16;

/// The speed of a run that came to rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// What computed it.
    pub by: String,
    /// Multiply-adds of a step, forwards.
    pub work: u64,
    /// Multiply-adds a second, gradients and validations included.
    pub rate: f64,
}

impl Measured {
    /// Of a run that took so many steps a second, validations included.
    #[must_use]
    pub fn new(by: &str, work: &Work, steps_per_second: f64) -> Self {
        Self {
            by: by.into(),
            work: work.step,
            rate: work.multiply_adds() / work.steps.max(1) as f64 * steps_per_second,
        }
    }
}

/// Puts the newest first, in the place of one of the same network and machine.
pub fn remember(all: &mut Vec<Measured>, newest: Measured) {
    all.retain(|old| (&old.by, old.work) != (&newest.by, newest.work));
    all.insert(0, newest);
    all.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::super::{Engine, Known, Machine};
    use super::*;

    const WORK: Work = Work {
        step: 1_000_000,
        steps: 100,
        pass: 2_000_000,
        passes: 6,
        chunks: 5,
    };

    #[test]
    fn a_run_takes_as_long_as_it_took() {
        let machine = Machine {
            engine: Engine::Discrete,
            measured: vec![Measured::new("it", &WORK, 4.0)],
        };
        let taking = machine.taking(&WORK);
        assert!((taking.seconds - 25.0).abs() <= 1e-9, "{taking:?}");
        assert_eq!(taking.known, Known::Measured);
    }

    #[test]
    fn the_newest_of_a_network_is_remembered_and_not_too_many() {
        let mut all = Vec::new();
        for work in (0..20).chain([18]) {
            remember(
                &mut all,
                Measured::new("it", &Work { step: work, ..WORK }, work as f64),
            );
        }
        assert_eq!(all.len(), MOST);
        assert_eq!(
            all.iter().map(|one| one.work).take(3).collect::<Vec<_>>(),
            [18, 19, 17]
        );
        remember(&mut all, Measured::new("other", &Work { step: 18, ..WORK }, 1.0));
        assert_eq!((all[0].work, all[1].work), (18, 18), "of another machine");
        let json = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Measured>>(&json).unwrap(), all);
    }
}
