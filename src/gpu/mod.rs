//! The graphics adapter: device, tensors, kernels, recordings and readback.
//!
//! A [`Recording`] is made once per plan: its pipelines, bind groups and buffers are reused by every replay.

mod context;
mod error;
mod kernel;
mod readback;
mod recording;
mod source;
mod template;
mod tensor;

pub use context::{Context, Request};
pub use error::Error;
pub use kernel::{Binding, Field, Kernel, Spec, Uniform, WORKGROUP, uniform};
pub use readback::{Readback, Ring};
pub use recording::{Recording, Uniforms};
pub use source::{SHARED, include, resolve};
pub use template::{Constants, expand};
pub use tensor::Tensor;
