//! Validations under way: chunks arrive one by one, and those of two moments do not mix.

use super::Event;
use crate::loss::Terms;
use crate::metrics::Overlap;

/// What has arrived of each validation that is not complete.
#[derive(Debug, Default)]
pub(super) struct Passes(Vec<Pass>);

#[derive(Debug)]
struct Pass {
    /// Steps behind the weights.
    step: u64,
    chunks: usize,
    terms: [f64; Terms::<f64>::LEN],
    overlaps: Vec<Overlap>,
}

impl Passes {
    /// Takes a chunk of the validation after `step` steps, one of `chunks`; the event comes with the last of them. Terms are
    /// the mean of the chunks, overlaps their sum.
    pub(super) fn take(
        &mut self,
        step: u64,
        chunks: usize,
        terms: &Terms<f64>,
        overlaps: &[Overlap],
    ) -> Option<Event> {
        let at = self.0.iter().position(|pass| pass.step == step);
        let at = at.unwrap_or_else(|| {
            self.0.push(Pass {
                step,
                chunks: 0,
                terms: [0.0; Terms::<f64>::LEN],
                overlaps: vec![Overlap::default(); overlaps.len()],
            });
            self.0.len() - 1
        });
        let pass = &mut self.0[at];
        pass.chunks += 1;
        for (sum, term) in pass.terms.iter_mut().zip(terms.to_array()) {
            *sum += term / chunks as f64;
        }
        for (sum, overlap) in pass.overlaps.iter_mut().zip(overlaps) {
            sum.add(overlap);
        }
        if pass.chunks < chunks {
            return None;
        }
        let Pass { terms, overlaps, .. } = self.0.swap_remove(at);
        Some(Event::Validation {
            step,
            terms: Terms::from_slice(&terms),
            overlaps,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(total: f64) -> Terms<f64> {
        Terms {
            total,
            ..Terms::default()
        }
    }

    fn overlap(both: u64) -> [Overlap; 1] {
        [Overlap {
            predicted: 4,
            reference: 4,
            both,
        }]
    }

    #[test]
    fn two_validations_that_interleave_do_not_mix() {
        let mut passes = Passes::default();
        assert_eq!(passes.take(0, 2, &terms(1.0), &overlap(1)), None);
        assert_eq!(passes.take(10, 2, &terms(5.0), &overlap(2)), None);
        let [first, second] = [(0, 3.0, 3), (10, 7.0, 4)].map(|(step, total, both)| {
            let event = passes.take(step, 2, &terms(total), &overlap(both));
            let Some(Event::Validation { terms, overlaps, .. }) = event else {
                panic!("a validation ends")
            };
            (terms.total, overlaps[0].both, overlaps[0].predicted)
        });
        assert_eq!(first, (2.0, 4, 8));
        assert_eq!(second, (6.0, 6, 8));
        assert!(passes.0.is_empty());
    }
}
