//! The adapter's own clock, or the wall's where it has none.

use std::ops::Range;

use futures_channel::oneshot;
use serde::{Deserialize, Serialize};

use super::clock::{self, now_ms};
use super::readback::words;
use super::recording::Command;
use super::{Context, Error};

/// Timestamps that one query set may hold are 4,096; half of it does.
pub(super) const QUERIES: usize = 2048;

/// Which clock measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    /// The adapter's, read before and after each pass.
    Adapter,
    /// The processor's, from the submission to the word that it is done, less what an empty submission takes.
    Wall,
}

/// Times commands, each time in a submission of their own.
pub(super) struct Stopwatch {
    context: Context,
    clock: Clock,
    /// Greatest common divisor of all timestamps so far, in ticks.
    step: u64,
    /// Of the wall clock.
    resolution_ms: f64,
    /// An empty submission by the wall clock.
    overhead_ms: f64,
}

impl Stopwatch {
    pub(super) async fn new(context: &Context) -> Result<Self, Error> {
        let has_clock = context
            .device()
            .features()
            .contains(wgpu::Features::TIMESTAMP_QUERY);
        let clock = if has_clock { Clock::Adapter } else { Clock::Wall };
        Self::by(context, clock).await
    }

    async fn by(context: &Context, clock: Clock) -> Result<Self, Error> {
        let mut stopwatch = Self {
            context: context.clone(),
            clock,
            step: 0,
            resolution_ms: 0.0,
            overhead_ms: 0.0,
        };
        context.finished().await;
        if clock == Clock::Wall {
            stopwatch.resolution_ms = clock::resolution_ms();
            let mut fastest = f64::INFINITY;
            for _ in 0..3 {
                fastest = fastest.min(stopwatch.wall(|_| {}).await?);
            }
            stopwatch.overhead_ms = fastest;
        }
        Ok(stopwatch)
    }

    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    /// The smallest step that the clock was seen to take.
    pub(super) fn resolution_ms(&self) -> f64 {
        match self.clock {
            Clock::Adapter => self.ms(self.step),
            Clock::Wall => self.resolution_ms,
        }
    }

    /// Milliseconds of each command of the range, `repeats` of it (indexed as `commands`) together.
    pub(super) async fn each(
        &mut self,
        commands: &[Command],
        range: Range<usize>,
        repeats: &[usize],
    ) -> Result<Vec<f64>, Error> {
        if self.clock == Clock::Adapter {
            let spans = range.map(|i| (i..i + 1, repeats[i])).collect::<Vec<_>>();
            return self.spans(commands, &spans).await;
        }
        let mut all = Vec::with_capacity(range.len());
        for i in range {
            all.push(self.whole(commands, i..i + 1, repeats[i]).await?);
        }
        Ok(all)
    }

    /// Milliseconds of the range, `repeats` times in a row.
    pub(super) async fn whole(
        &mut self,
        commands: &[Command],
        range: Range<usize>,
        repeats: usize,
    ) -> Result<f64, Error> {
        if self.clock == Clock::Adapter {
            let span = self.spans(commands, &[(range, repeats)]).await?;
            return Ok(span[0]);
        }
        let context = self.context.clone();
        let ms = self
            .wall(|encoder| {
                for _ in 0..repeats {
                    encode(&context, encoder, &commands[range.clone()], None);
                }
            })
            .await?;
        // Less than a step of the clock is not known.
        Ok((ms - self.overhead_ms).max(self.resolution_ms))
    }

    async fn wall(&self, record: impl FnOnce(&mut wgpu::CommandEncoder)) -> Result<f64, Error> {
        let start = now_ms();
        self.context.submit(|encoder| record(encoder));
        self.context.finished().await;
        self.context.fault().map_or(Ok(now_ms() - start), Err)
    }

    /// Milliseconds of each span by timestamps; 0 where nothing of it is a dispatch.
    async fn spans(
        &mut self,
        commands: &[Command],
        spans: &[(Range<usize>, usize)],
    ) -> Result<Vec<f64>, Error> {
        let device = self.context.device();
        let count = 2 * spans.len();
        let queries = device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("timestamps"),
            ty: wgpu::QueryType::Timestamp,
            count: count as u32,
        });
        let size = 8 * count as u64;
        let buffer = |usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("timestamps"),
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        let resolved = buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC);
        let staging = buffer(wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ);
        let is_dispatch = |command: &Command| matches!(command, Command::Dispatch(_));
        self.context.submit(|encoder| {
            for (i, (range, repeats)) in spans.iter().enumerate() {
                let commands = &commands[range.clone()];
                for turn in 0..*repeats {
                    let ends = [turn == 0, turn + 1 == *repeats];
                    let place = Some((&queries, 2 * i as u32, ends));
                    encode(&self.context, encoder, commands, place);
                }
            }
            encoder.resolve_query_set(&queries, 0..count as u32, &resolved, 0);
            encoder.copy_buffer_to_buffer(&resolved, 0, &staging, 0, size);
        });
        let ticks = read(&self.context, &staging, size).await?;
        let mut all = Vec::with_capacity(spans.len());
        for ((range, _), ends) in spans.iter().zip(ticks.chunks_exact(2)) {
            let timed = commands[range.clone()].iter().any(is_dispatch);
            // A clock that was set back in between measured nothing.
            let span = if timed { ends[1].saturating_sub(ends[0]) } else { 0 };
            self.step = gcd(self.step, span);
            all.push(self.ms(span));
        }
        Ok(all)
    }

    fn ms(&self, ticks: u64) -> f64 {
        ticks as f64 * f64::from(self.context.queue().get_timestamp_period()) / 1e6
    }
}

/// Query set, index of the first query, and whether the first and the last dispatch here begin and end the span.
type Place<'a> = Option<(&'a wgpu::QuerySet, u32, [bool; 2])>;

/// Every dispatch in a pass of its own, so that an adapter cannot begin one before the other has ended.
fn encode(context: &Context, encoder: &mut wgpu::CommandEncoder, commands: &[Command], place: Place<'_>) {
    let is_dispatch = |command: &Command| matches!(command, Command::Dispatch(_));
    let first = commands.iter().position(is_dispatch);
    let last = commands.iter().rposition(is_dispatch);
    for (i, command) in commands.iter().enumerate() {
        let Command::Dispatch(dispatch) = command else {
            command.transfer(encoder);
            continue;
        };
        let writes = place.and_then(|(query_set, query, [begins, ends])| {
            let begins = begins && first == Some(i);
            let ends = ends && last == Some(i);
            (begins || ends).then_some(wgpu::ComputePassTimestampWrites {
                query_set,
                beginning_of_pass_write_index: begins.then_some(query),
                end_of_pass_write_index: ends.then_some(query + 1),
            })
        });
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
            label: None,
            timestamp_writes: writes,
        });
        dispatch.encode(context, &mut pass);
    }
}

async fn read(context: &Context, staging: &wgpu::Buffer, size: u64) -> Result<Vec<u64>, Error> {
    let (sender, receiver) = oneshot::channel();
    staging.map_async(wgpu::MapMode::Read, 0..size, move |mapped| {
        // Whoever waited may have gone away.
        let _ = sender.send(mapped);
    });
    context.settle();
    let fault = |text: String| context.fault().unwrap_or(Error::Readback(text));
    let mapped = receiver.await.map_err(|error| fault(error.to_string()))?;
    mapped.map_err(|error| fault(error.to_string()))?;
    let words = words(staging, size).map_err(fault)?;
    Ok(bytemuck::pod_collect_to_vec(&words))
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_a_clock_are_found() {
        assert_eq!(gcd(0, 0), 0);
        assert_eq!(gcd(0, 65_536), 65_536);
        assert_eq!(gcd(3 * 65_536, 5 * 65_536), 65_536);
    }
}
