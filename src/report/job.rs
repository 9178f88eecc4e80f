//! One part of a report, as the child process is told of it and tells of it.

use std::time::{Duration, Instant};

use pollster::block_on;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Error, adapter, check, shapes, work};
use crate::gpu::{Context, Request};

/// What a child does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub part: Part,
    pub request: Request,
    /// It is stopped some seconds after these have passed; what it can leave out, it does.
    pub seconds: f64,
    /// What other children have found of this adapter, see [`Choices`](crate::gpu::Choices).
    pub choices: Option<String>,
}

/// Of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// What there is, and what it can do at most.
    Adapter,
    /// The cases of the selfcheck by variant, from this number on, whose names hold `holding`.
    Check { from: usize, holding: String },
    /// A workload by name.
    Work(String),
    /// The convolutions of these workloads, each shape by every variant.
    Shapes(Vec<String>),
}

/// What a child tells, one JSON document a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Line {
    /// What it begins with, in words.
    Doing(String),
    /// The number of the case that comes next.
    Case(usize),
    /// An entry of the part's object.
    Set(String, Value),
    /// An element of a list in the part's object.
    Row(String, Value),
    /// What it has found of the adapter.
    Choices(String),
    /// Floating-point operations a second of the multiply-add probe.
    Peak(f64),
    /// Why the part ends early.
    Fault(String),
}

/// Where a child's lines go.
pub(super) struct Teller<'a> {
    pub line: &'a mut dyn FnMut(Line),
}

impl Teller<'_> {
    pub(super) fn doing(&mut self, what: impl Into<String>) {
        (self.line)(Line::Doing(what.into()));
    }

    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        (self.line)(Line::Set(key.into(), value.into()));
    }

    pub(super) fn row(&mut self, list: &str, value: Value) {
        (self.line)(Line::Row(list.into(), value));
    }
}

/// The time that a part may take.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    start: Instant,
    seconds: f64,
}

impl Clock {
    pub(super) fn new(seconds: f64) -> Self {
        Self {
            start: Instant::now(),
            seconds,
        }
    }

    pub(super) fn passed(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    pub(super) fn left(&self) -> f64 {
        self.seconds - self.passed()
    }

    /// Until what is asked to take `seconds` has to be ended: they, and what stopping by itself may take.
    pub(super) fn deadline(seconds: f64) -> Instant {
        Instant::now() + Duration::from_secs_f64((seconds + 3.0).max(0.0))
    }
}

/// Does a part; `line` is told of each thing as soon as it is known. Faults are told, too.
pub fn perform(job: &Job, line: &mut dyn FnMut(Line)) {
    if let Err(error) = block_on(perform_or_fail(job, &mut Teller { line })) {
        line(Line::Fault(error.to_string()));
    }
}

async fn perform_or_fail(job: &Job, tell: &mut Teller<'_>) -> Result<(), Error> {
    let clock = Clock::new(job.seconds);
    tell.doing("opening the device");
    if let Part::Check { from, holding } = &job.part {
        // Fresh memory of such a device holds NaN.
        let open = || Context::poisoned(job.request);
        return check::run(&open, *from, holding, clock, tell).await;
    }
    let context = match Context::new(job.request).await {
        Ok(context) => context,
        Err(error) => return Err(adapter::missing(job.request, &error)),
    };
    let name = context.adapter_name();
    if let Some(choices) = &job.choices {
        context.choices().from_json(&name, choices);
    }
    let outcome = match &job.part {
        Part::Adapter => adapter::describe(&context, job.request, tell).await,
        Part::Work(name) => work::time(&context, name, clock, tell).await,
        Part::Shapes(names) => shapes::time(&context, names, clock, tell).await,
        Part::Check { .. } => Ok(()),
    };
    (tell.line)(Line::Choices(context.choices().to_json(&name)));
    // What the device says of itself says more than what followed from it.
    context.fault().map_or(outcome, |fault| Err(fault.into()))
}
