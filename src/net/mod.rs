//! Networks as graphs, run by the GPU, by the fast kernels of the processor, or by the twins; weights in PyTorch naming.

mod attention;
mod batch;
mod blocks;
mod cpu;
mod difference;
mod error;
mod gpu;
mod graph;
mod image;
mod initial;
mod kind;
mod memory;
mod partial_decoder;
mod plan;
mod residual;
mod tuning;
mod unet;
mod weights;

/// The precision of a CPU network.
pub use crate::reference::Real;
pub use batch::{Draw, GpuBatch, Slices, batch_images, batch_maps};
pub use blocks::Block;
pub use cpu::CpuNetwork;
pub use difference::Difference;
pub use error::Error;
pub use gpu::GpuNetwork;
pub use graph::{Graph, Node, Op, Parameter, ParameterId, TensorId};
pub use image::{ImageNetwork, ImageWeights};
pub use initial::initial_weights;
pub use kind::Kind;
pub use plan::Plan;
pub use tuning::{LEFT_OUT, Tuning, take_usual, tune, why_usual};
pub use unet::{Norm, Unet};
pub use weights::{differences, read_safetensors, write_safetensors};
