//! A run that is over may go on: by how much, and at which rate.

use super::words::significant;
use crate::optim::{RateSchedule, Shape};
use crate::train::MOST_STEPS;

/// Of a learning rate.
const NEARLY_NOTHING: f64 = 1e-3;

/// The steps that are offered after so many: as many again.
#[must_use]
pub fn offered(done: u64) -> u64 {
    done.clamp(1, MOST_STEPS.saturating_sub(done).max(1))
}

/// How the learning rate goes on when `done` of `done` steps are followed by so many `more`: as in
/// [`Session::train_on`](crate::train::Session::train_on). `base` is the optimiser's.
#[must_use]
pub fn further_said(schedule: &RateSchedule, base: f64, done: u64, more: u64) -> String {
    let steps = done.saturating_add(more);
    let rate = |step: u64, steps: u64| match schedule.factor(step, steps) {
        factor if factor < NEARLY_NOTHING => "almost 0".into(),
        factor => significant(base * factor, 2),
    };
    if schedule.shape == Shape::Constant {
        return format!("The learning rate stays as it is, at {}.", rate(done, steps));
    }
    let [was, is] = [rate(done.saturating_sub(1), done), rate(done, steps)];
    format!(
        "The learning rate goes on as in a run of {steps} steps: from {was} it rises to {is} at once, and falls anew."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_steps_again_are_offered_as_far_as_there_are_any() {
        assert_eq!([1, 300, 70_000, MOST_STEPS].map(offered), [1, 300, 30_000, 1]);
        assert_eq!(offered(0), 1);
    }

    #[test]
    fn a_falling_rate_rises_once_and_a_constant_one_stays() {
        let of = |shape| RateSchedule {
            shape,
            warmup_steps: 0,
            ..RateSchedule::default()
        };
        let said = further_said(&of(Shape::Constant), 2e-3, 300, 100);
        assert_eq!(said, "The learning rate stays as it is, at 0.002.");
        let said = further_said(&of(Shape::Cosine), 2e-3, 300, 300);
        assert_eq!(
            said,
            "The learning rate goes on as in a run of 600 steps: from almost 0 it rises to 0.001 at once, and falls anew."
        );
        assert!(further_said(&of(Shape::Poly), 1e-3, 10, 10).contains("a run of 20 steps"));
    }
}
