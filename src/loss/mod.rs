//! The contour-weighted compound loss of Huang and Sui (arXiv 2407.06176): parameters, presets, terms and
//! gradients, on the GPU and on the CPU.

pub mod cpu;
mod gpu;
mod overlap;
mod params;

pub use gpu::GpuLoss;
pub use overlap::{GpuOverlap, overlap};
pub use params::{Absent, Error, Params, Pool, Preset, Terms, Union};
