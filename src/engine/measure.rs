//! Predictions against references, with turns for others in between. What the reference ignores is not scored.

use super::turn::next_turn;
use super::{Caller, Reply};
use crate::contour::IGNORED;
use crate::metrics::{Comparison, Field, Measuring};

/// Points between two looks at the clock: well under a millisecond.
const POINTS: usize = 500;
/// Half a frame of 60 a second: where the engine shares the page's thread, the other half is the page's.
const TURN_MS: f64 = 8.0;

/// Replies with each class from 1 on as it is compared, for as long as that is wanted.
pub(super) async fn measure(
    predicted: &[u8],
    reference: &[u8],
    field: Field,
    classes: usize,
    caller: &Caller,
) {
    let mut predicted = predicted.to_vec();
    for (class, label) in predicted.iter_mut().zip(reference) {
        if u32::from(*label) == IGNORED {
            *class = *label;
        }
    }
    let mut turn_began_ms = js_sys::Date::now();
    for class in 1..classes {
        let mut measuring = Measuring::new(&predicted, reference, class as u8, field);
        while !measuring.advance(POINTS) {
            if js_sys::Date::now() - turn_began_ms > TURN_MS {
                next_turn().await;
                if !caller.is_wanted() {
                    return;
                }
                turn_began_ms = js_sys::Date::now();
            }
        }
        let comparison: Comparison = measuring.finish();
        caller.reply(Reply::Compared(Box::new(comparison)));
    }
}
