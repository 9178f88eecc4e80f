//! A run from data to a trained network: recipe, data set, batches, session.
//!
//! ```
//! use contour_lab::train::{Augmentation, Crew, Dataset, Event, Recipe, Regimen, Session, Source};
//! use contour_lab::{contour, loss, net, optim};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Eight slices of 16 × 16 pixels, the left half of each brighter and of class 1.
//! let labels: Vec<u8> = (0..8 * 256).map(|i| u8::from(i % 16 < 8)).collect();
//! let image: Vec<f32> = labels.iter().map(|class| f32::from(*class)).collect();
//! let (shape, classes, window) = ([16, 16, 8], 2, [0.0, 1.0]);
//! let dataset = Dataset::new(
//!     Source { image: &image, labels: &labels, shape, classes, window },
//!     [16, 16],
//!     None,
//! )?;
//! let recipe = Recipe {
//!     network: net::Unet { in_channels: 1, classes, width: 4, depth: 2, ..net::Unet::default() },
//!     contour: contour::Choice::default(),
//!     loss: loss::Params::default(),
//!     optimiser: optim::Optimiser::Adam(optim::Adam::default()),
//!     batch: 2,
//!     steps: 5,
//!     validate_every: 5,
//!     seed: 1,
//!     augmentation: Augmentation::default(),
//!     half_activations: false,
//!     patch: None,
//!     regimen: Regimen::default(),
//! };
//! let mut session = Session::on_processor(recipe, &dataset, None, Crew::new())?;
//! let mut losses = Vec::new();
//! while !session.finished() {
//!     session.step();
//!     while let Some(event) = pollster::block_on(session.next()) {
//!         if let Event::Step { terms, .. } = event? {
//!             losses.push(terms.total);
//!         }
//!     }
//! }
//! assert_eq!(losses.len(), 5);
//! assert!(losses[4] < losses[0]);
//! # Ok(())
//! # }
//! ```

mod augmentation;
mod batches;
mod cpu;
mod crew;
mod dataset;
mod engine;
mod error;
mod fit;
mod gpu;
mod histogram;
mod kept;
mod member;
mod message;
mod needs;
mod normalisation;
mod passes;
mod recipe;
mod regimen;
mod rehearsal;
mod rounding;
mod schedule;
mod session;
mod shares;
mod slice_number;
mod slices;
mod snapshot;
mod split;
mod task;
mod tuning;
mod volume;
mod walk;
mod watch;
mod window;

pub use crate::contour::IGNORED;
pub use augmentation::{Augmentation, ELASTIC_MOST};
pub use batches::{Batches, Pick, class_shares};
use cpu::CpuEngine;
use crew::CrewEngine;
pub use crew::{Colleague, Crew};
pub use dataset::{Channel, Dataset, Placed, Source, channels};
pub use engine::Waiting;
pub use error::Error;
pub use fit::Fit;
use gpu::GpuEngine;
pub use histogram::{Histogram, clipped};
pub use member::Member;
pub use message::{Command, Event};
pub use needs::{Extent, Needs, Piece};
pub use normalisation::{Intensity, Normalisation, percentiles};
pub use recipe::{MOST_STEPS, Recipe, may_move};
pub use regimen::Regimen;
pub use rounding::Rounding;
pub use session::Session;
pub use slice_number::{SliceOfDataset, SliceOfSubject};
pub use snapshot::Snapshot;
pub use split::{GAP, Part, Split, SplitBy, SplitOfSubject, gap};
pub use task::{Gradient, Judged, Share, Task};
pub use tuning::tune;
pub use window::Windows;
