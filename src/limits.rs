//! What an adapter can do at most, measured: what a kernel's speed is a share of.

use crate::gpu::{Context, Error, Recording, Tensor, time};
use crate::ops::multiply_add;

/// Enough invocations for the largest cards: 4,096 workgroups.
const INVOCATIONS: usize = 64 * 4096;

/// Long enough that starting and ending do not count.
const LONG_MS: f64 = 20.0;

/// No card needs more: 50 Mflop a turn.
const MOST_TURNS: u32 = 1 << 16;

/// Floating-point operations a second, a multiply-add being two: of a kernel that does nothing else. The fastest of
/// several measurements.
///
/// # Errors
/// [`Error::Readback`] or [`Error::Lost`] when the device fails.
pub async fn flops_per_second(context: &Context) -> Result<f64, Error> {
    let y = Tensor::new(context, "multiply-adds", INVOCATIONS)?;
    let mut turns = 1;
    loop {
        let mut recording = Recording::new(context);
        multiply_add::record(&mut recording, &y, turns);
        let enough = turns == MOST_TURNS;
        let ms = time(&recording, if enough { 5 } else { 1 }).await?;
        if ms >= LONG_MS || enough {
            let ms = if enough {
                ms
            } else {
                time(&recording, 5).await?.min(ms)
            };
            return Ok(multiply_add::flops(INVOCATIONS, turns) as f64 / ms * 1e3);
        }
        // Towards half again the wanted length, at most sixteenfold where the clock has seen little.
        let wanted = (1.5 * LONG_MS / ms).clamp(2.0, 16.0);
        turns = ((f64::from(turns) * wanted) as u32).min(MOST_TURNS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Request;

    #[test]
    fn the_peak_is_that_of_a_processor_at_least() {
        let context = pollster::block_on(Context::new(Request::Software)).unwrap();
        let peak = pollster::block_on(flops_per_second(&context)).unwrap();
        println!("{:.1} GFLOP/s", peak / 1e9);
        assert!(peak > 1e8 && peak < 1e15, "{peak}");
        assert_eq!(context.fault(), None);
    }
}
