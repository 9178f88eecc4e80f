//! Losses and their gradients, on the GPU and on the CPU: the contour-weighted compound loss of Huang and Sui
//! (arXiv 2407.06176), and what it is compared with.
//!
//! Every loss is a file that says which [`Parts`] it is made of: a pixel term, a region term, a weight map. The
//! arithmetic is the same for all.

pub mod cpu;
mod definition;
mod error;
mod explain;
mod field;
mod fused;
mod gpu;
pub mod image;
mod imbalance;
mod inspect;
mod kind;
mod overlap;
mod params;
mod parts;
mod step;
mod stepwise;
mod terms;
mod uniforms;
mod worked;
mod worst;

pub use definition::{Choice, Definition, Domain, Facts, Family, Parameter, Published};
pub use error::Error;
pub use explain::{Explained, Given, Share};
pub use gpu::{GpuLoss, GpuMaps, Inputs};
pub use imbalance::{Portion, label_portions, portions};
pub use inspect::{Inspection, Line};
pub use kind::Kind;
pub use overlap::{GpuOverlap, overlap};
pub use params::{Params, Preset, Value};
pub use parts::{Parts, Pixel, Region, Term};
pub use step::LossStep;
pub use terms::Terms;
pub use worked::{PixelWork, RatioSummand, RatioWork, Summand, Worked};
