//! Watches the validations of a run: which was the best, and whether it is time to stop.

use serde::{Deserialize, Serialize};

use super::{Event, Regimen};
use crate::bulk;

/// What the validations have said so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Watch {
    regimen: Regimen,
    best: Option<(u64, f64)>,
    /// Validations since the best one.
    since: u64,
    stopped: bool,
    /// The weights that are being validated, and those of the best validation.
    #[serde(with = "bulk::optional")]
    candidate: Option<Vec<f32>>,
    #[serde(with = "bulk::optional")]
    kept: Option<Vec<f32>>,
}

impl Watch {
    pub(super) fn new(regimen: Regimen) -> Self {
        Self {
            regimen,
            best: None,
            since: 0,
            stopped: false,
            candidate: None,
            kept: None,
        }
    }

    /// Whether the weights of each validation have to be [offered](Watch::offer).
    pub(super) fn keeps(&self) -> bool {
        self.regimen.keep_best
    }

    /// Whether the run has come to its end before its last step.
    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    /// The run goes on behind its end: patience begins anew.
    pub(super) fn go_on(&mut self) {
        self.stopped = false;
        self.since = 0;
    }

    /// The weights of the validation that is [judged](Watch::judge) next.
    pub(super) fn offer(&mut self, arena: Vec<f32>) {
        self.candidate = Some(arena);
    }

    /// What a mean Dice after `step` steps says; there is none where the validation slices are empty. Nothing where
    /// nobody asked for the best or for an early end.
    pub(super) fn judge(&mut self, step: u64, dice: Option<f64>) -> Vec<Event> {
        let watches = self.regimen.keep_best || self.regimen.patience.is_some();
        let candidate = self.candidate.take();
        let Some(dice) = dice.filter(|_| watches) else {
            return Vec::new();
        };
        if self.best.is_none_or(|(_, best)| dice > best) {
            self.best = Some((step, dice));
            self.since = 0;
            self.kept = candidate;
            return vec![Event::Best { step, dice }];
        }
        self.since += 1;
        let impatient = self
            .regimen
            .patience
            .is_some_and(|patience| self.since >= patience);
        if impatient && !self.stopped {
            self.stopped = true;
            return vec![Event::Stopped { step }];
        }
        Vec::new()
    }

    /// The weights of the best validation, if they were kept.
    pub(super) fn best_weights(&self) -> Option<Event> {
        let ((step, _), arena) = self.best.zip(self.kept.clone())?;
        Some(Event::Weights { step, arena })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(patience: Option<u64>) -> Watch {
        Watch::new(Regimen {
            keep_best: true,
            patience,
            ..Regimen::default()
        })
    }

    #[test]
    fn the_best_validation_keeps_its_weights() {
        let mut watch = watch(None);
        for (step, dice) in [
            (0, Some(0.1)),
            (10, Some(0.6)),
            (20, None),
            (30, Some(0.6)),
            (40, Some(0.5)),
        ] {
            watch.offer(vec![step as f32]);
            watch.judge(step, dice);
        }
        let best = Event::Weights {
            step: 10,
            arena: vec![10.0],
        };
        assert_eq!(watch.best_weights(), Some(best));
        assert!(!watch.stopped());
        let bytes = postcard::to_stdvec(&watch).unwrap();
        assert_eq!(postcard::from_bytes::<Watch>(&bytes).unwrap(), watch);
    }

    #[test]
    fn patience_counts_validations_in_a_row() {
        let mut watch = watch(Some(2));
        let events: Vec<Vec<Event>> = [0.3, 0.2, 0.4, 0.4, 0.1, 0.1]
            .iter()
            .zip(0..)
            .map(|(dice, step)| watch.judge(step, Some(*dice)))
            .collect();
        let best = |step, dice| vec![Event::Best { step, dice }];
        assert_eq!(
            events,
            [
                best(0, 0.3),
                vec![],
                best(2, 0.4),
                vec![],
                vec![Event::Stopped { step: 4 }],
                vec![]
            ]
        );
        assert!(watch.stopped());
        watch.go_on();
        assert!(!watch.stopped());
        assert_eq!(watch.judge(6, Some(0.1)), vec![], "one more is let pass");
        assert_eq!(watch.judge(7, Some(0.1)), vec![Event::Stopped { step: 7 }]);
    }
}
