//! The graphics adapter: device, tensors, kernels, recordings and readback.
//!
//! A [`Recording`] is made once per plan: its pipelines, bind groups and buffers are reused by every replay.

mod adapter;
#[cfg(target_arch = "wasm32")]
mod ahead;
mod choices;
mod clock;
mod context;
mod encoder;
mod error;
mod kernel;
mod pacing;
mod profile;
mod readback;
mod recording;
mod source;
mod stopwatch;
mod template;
mod tensor;

pub use adapter::{AdapterKind, Request, adapters, software_name};
pub use choices::Choices;
pub use clock::now_ms;
pub use context::Context;
pub use encoder::Encoder;
pub use error::Error;
pub use kernel::{Binding, Field, Kernel, Spec, Uniform, WORKGROUP, uniform};
pub use profile::{Profile, Timing, time};
pub use readback::{Readback, Ring};
pub use recording::{Recording, Uniforms};
pub use source::{SHARED, include, kept_as_told, resolve};
pub use stopwatch::Clock;
pub use template::{Constants, expand};
pub use tensor::Tensor;
