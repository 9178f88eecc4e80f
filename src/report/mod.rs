//! What an adapter can do, as JSON: what it is, whether every kernel agrees with its twin, how long the workloads take
//! and where their time goes.
//!
//! A driver may crash, hang or lose its device, so each part is done by a child process ([`perform`]), which tells of
//! what it does line by line; the parent ([`run`]) keeps what it was told, ends children that take too long, and names
//! what was left out.

mod adapter;
mod budget;
mod check;
mod child;
mod job;
mod json;
mod parent;
mod remedy;
mod shapes;
mod summary;
mod work;

pub use job::{Job, Line, Part, perform};
pub use json::text;
pub use parent::{Options, Parts, WORKS, run};
pub use summary::table;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No adapter answered, or not the one that was asked for. The text names the remedy.
    #[error("{0}")]
    NoAdapter(String),
    /// The machine starts no processes.
    #[error("The parts of the report could not be started: {0}")]
    Process(#[from] std::io::Error),
    /// A program of another version was asked.
    #[error("What a part of the report was told, or told, is not understood: {0}")]
    Line(#[from] serde_json::Error),
    /// Check the name against `www/bench/workloads.js`.
    #[error("There is no workload {0}")]
    NoWorkload(String),
    /// A part failed.
    #[error(transparent)]
    Bench(#[from] crate::bench::Error),
    /// A part failed.
    #[error(transparent)]
    Gpu(#[from] crate::gpu::Error),
}
