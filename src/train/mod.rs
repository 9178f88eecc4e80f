//! A run from data to a trained network: recipe, data set, batches, session.

mod augmentation;
mod batches;
mod cpu;
mod dataset;
mod engine;
mod error;
mod fit;
mod gpu;
mod histogram;
mod kept;
mod message;
mod normalisation;
mod recipe;
mod schedule;
mod session;
mod split;
mod tuning;
mod volume;
mod walk;

pub use augmentation::{Augmentation, ELASTIC_MOST};
pub use batches::{Batches, class_shares};
use cpu::CpuEngine;
pub use dataset::{Channel, Dataset, Placed, Source, channels};
pub use error::Error;
pub use fit::Fit;
use gpu::GpuEngine;
pub use histogram::{Histogram, clipped};
pub use message::{Command, Event};
pub use normalisation::{Intensity, Normalisation, percentiles};
pub use recipe::Recipe;
pub use session::Session;
pub use split::{GAP, Part, Split, SplitBy, gap};
pub use tuning::tune;
