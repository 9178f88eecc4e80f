//! How long each dispatch takes.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::recording::{Command, Dispatch};
use super::stopwatch::{QUERIES, Stopwatch};
use super::{Clock, Error, Recording};

/// Of several rounds the fastest counts: what disturbs a measurement makes it longer.
const ROUNDS: usize = 2;

/// A dispatch is repeated until it takes this many steps of the clock, so that rounding is 5 % of it at most.
const STEPS: f64 = 20.0;
/// And this long at least: the software adapters' threads take a while to start.
const SHORTEST_MS: f64 = 0.2;
const MOST_REPEATS: usize = 50;
/// A replay of that many milliseconds is measured once: the scheduler adds little to it.
const LONG_MS: f64 = 8.0;

/// The dispatches of one kernel for one owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// See [`Recording::scope`].
    pub owner: String,
    pub entry_point: String,
    /// All of them together.
    pub ms: f64,
    /// See [`Recording::flops`].
    pub flops: u64,
    /// Of all tensors bound, each counted once in a dispatch: the least that it moves, if it reads and writes all of
    /// them.
    pub bytes: u64,
    pub dispatches: u32,
}

/// Where the time of a recording goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// In the order of the first dispatch of each. Clears and copies are not timed.
    pub timings: Vec<Timing>,
    pub clock: Clock,
    /// The smallest step that the clock was seen to take. Chrome rounds the adapter's clock to 0.1 ms or so.
    pub resolution_ms: f64,
    /// How often the shortest dispatch was repeated to be measured in spite of that.
    pub most_repeats: u32,
}

impl Recording {
    /// Replays the commands with each dispatch timed by itself, some of them repeatedly, so what adds to a tensor
    /// adds more than once: whoever needs the contents saves them first. Learns how to cut replays evenly.
    ///
    /// # Errors
    /// [`Error::Readback`] when the device was lost.
    pub async fn profile(&mut self) -> Result<Profile, Error> {
        let kernels: Vec<_> = self.kernels().cloned().collect();
        self.context().compile(&kernels, &mut |_, _| {}).await;
        let mut stopwatch = Stopwatch::new(self.context()).await?;
        let mut repeats = vec![1; self.commands().len()];
        let first = self.round(&mut stopwatch, &repeats).await?;
        let least = SHORTEST_MS.max(STEPS * stopwatch.resolution_ms());
        for (repeats, ms) in repeats.iter_mut().zip(&first) {
            *repeats = ((least / ms).ceil() as usize).clamp(1, MOST_REPEATS);
        }
        let mut fastest = vec![f64::INFINITY; first.len()];
        for _ in 0..ROUNDS {
            let round = self.round(&mut stopwatch, &repeats).await?;
            for ((fastest, ms), repeats) in fastest.iter_mut().zip(&round).zip(&repeats) {
                *fastest = fastest.min(ms / *repeats as f64);
            }
        }
        self.weigh(&fastest);
        let is_dispatch = |i: &usize| matches!(self.commands()[*i], Command::Dispatch(_));
        let most_repeats = (0..repeats.len()).filter(is_dispatch).map(|i| repeats[i]).max();
        Ok(Profile {
            timings: self.timings(&fastest),
            clock: stopwatch.clock(),
            resolution_ms: stopwatch.resolution_ms(),
            most_repeats: most_repeats.unwrap_or(1) as u32,
        })
    }

    /// Milliseconds of each command; 0 for those that are not timed.
    async fn round(&self, stopwatch: &mut Stopwatch, repeats: &[usize]) -> Result<Vec<f64>, Error> {
        let mut all = Vec::with_capacity(repeats.len());
        for portion in self.portions() {
            let mut start = portion.start;
            while start < portion.end {
                let end = portion.end.min(start + QUERIES / 2);
                all.extend(stopwatch.each(self.commands(), start..end, repeats).await?);
                start = end;
            }
        }
        Ok(all)
    }

    /// Shares the recording's cost out by measured time.
    fn weigh(&mut self, ms: &[f64]) {
        let timed = |command: &Command| matches!(command, Command::Dispatch(_));
        let cost: f64 = self
            .commands()
            .iter()
            .zip(&self.costs)
            .filter_map(|(command, cost)| timed(command).then_some(cost))
            .sum();
        let total: f64 = ms.iter().sum();
        if total > 0.0 {
            for i in 0..ms.len() {
                if timed(&self.commands()[i]) {
                    self.costs[i] = ms[i] / total * cost;
                }
            }
        }
    }

    fn timings(&self, ms: &[f64]) -> Vec<Timing> {
        let mut timings: Vec<Timing> = Vec::new();
        for (command, ms) in self.commands().iter().zip(ms) {
            let Command::Dispatch(dispatch) = command else {
                continue;
            };
            let known = timings.iter_mut().find(|timing| {
                *timing.owner == *dispatch.owner && timing.entry_point == dispatch.kernel.entry_point()
            });
            match known {
                Some(timing) => timing.add(dispatch, *ms),
                None => {
                    let mut timing = Timing {
                        owner: dispatch.owner.to_string(),
                        entry_point: dispatch.kernel.entry_point().into(),
                        ms: 0.0,
                        flops: 0,
                        bytes: 0,
                        dispatches: 0,
                    };
                    timing.add(dispatch, *ms);
                    timings.push(timing);
                }
            }
        }
        timings
    }
}

impl Timing {
    fn add(&mut self, dispatch: &Dispatch, ms: f64) {
        self.ms += ms;
        self.flops += dispatch.flops;
        self.bytes += dispatch.bytes;
        self.dispatches += 1;
    }
}

/// Milliseconds of one replay: the fastest of `repeats` measurements, each of as many replays in a row as the clock
/// needs. The first replay, which may compile, does not count.
///
/// # Errors
/// [`Error::Readback`] when the device was lost.
pub async fn time(recording: &Recording, repeats: usize) -> Result<f64, Error> {
    let context = recording.context();
    let kernels: Vec<_> = recording.kernels().cloned().collect();
    context.compile(&kernels, &mut |_, _| {}).await;
    let mut stopwatch = Stopwatch::new(context).await?;
    let all: Range<usize> = 0..recording.commands().len();
    stopwatch.whole(recording.commands(), all.clone(), 1).await?;
    let first = stopwatch.whole(recording.commands(), all.clone(), 1).await?;
    let least = SHORTEST_MS.max(STEPS * stopwatch.resolution_ms());
    let in_a_row = ((least / first).ceil() as usize).clamp(1, MOST_REPEATS);
    let mut fastest = if in_a_row == 1 { first } else { f64::INFINITY };
    for _ in 0..repeats {
        // What takes long enough need not be repeated to be known.
        if fastest < f64::INFINITY && fastest > LONG_MS {
            break;
        }
        let ms = stopwatch
            .whole(recording.commands(), all.clone(), in_a_row)
            .await?;
        fastest = fastest.min(ms / in_a_row as f64);
    }
    Ok(fastest)
}
