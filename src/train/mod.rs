//! A run from data to a trained network: recipe, data set, batches, session.

mod augmentation;
mod batches;
mod cpu;
mod dataset;
mod engine;
mod error;
mod fit;
mod gpu;
mod kept;
mod message;
mod recipe;
mod regimen;
mod rounding;
mod schedule;
mod session;
mod split;
mod tuning;
mod volume;
mod walk;
mod watch;

pub use augmentation::Augmentation;
pub use batches::Batches;
use cpu::CpuEngine;
pub use dataset::{Dataset, Source};
pub use error::Error;
pub use fit::Fit;
use gpu::GpuEngine;
pub use message::{Command, Event};
pub use recipe::Recipe;
pub use regimen::Regimen;
pub use rounding::Rounding;
pub use session::Session;
pub use split::{GAP, Split};
pub use tuning::tune;
