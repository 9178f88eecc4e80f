//! Contour map, weight map and distance maps of a label: computed once per label, used by the loss and by the view.
//!
//! A set of classes is kept as the bits of a `u32`, class k at bit k: one word per pixel holds the contour of
//! every class, and erosion is an AND over the structuring element. Hence at most 32 classes.

mod choice;
pub mod cpu;
mod distance;
mod element;
mod mapper;
mod objects;
mod plan;
pub mod walk;
mod weight;
mod weighting;

pub use choice::{Border, Choice, Error, Frame, Operator, Shape};
pub use distance::{Distance, SignedDistance};
pub use mapper::Mapper;
pub use objects::objects;
pub use plan::Plan;
pub use weight::WeightMap;
pub use weighting::{Extent, Weighting, extents, union_count};

/// The label of a pixel of no class, about which nothing is known or asked: it erodes no class and has no contour, no loss
/// and no score.
pub const IGNORED: u32 = 255;
