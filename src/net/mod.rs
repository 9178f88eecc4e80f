//! Networks as graphs, run by the GPU or by the twins; weights in PyTorch naming.

mod batch;
mod cpu;
mod error;
mod gpu;
mod graph;
mod initial;
mod memory;
mod plan;
mod tuning;
mod unet;
mod weights;

/// The precision of a CPU network.
pub use crate::reference::Real;
pub use batch::{Draw, GpuBatch, Slices, batch_images, batch_maps};
pub use cpu::CpuNetwork;
pub use error::Error;
pub use gpu::GpuNetwork;
pub use graph::{Graph, Node, Op, Parameter, ParameterId, TensorId};
pub use initial::initial_weights;
pub use plan::Plan;
pub use tuning::{LEFT_OUT, tune};
pub use unet::{Norm, Unet};
pub use weights::{read_safetensors, write_safetensors};
