//! What computes, apart from the page: files, sessions and measures behind a protocol of plain data.
//!
//! It runs in workers, so that nothing it does holds up the page: in one for files and training, in another for what is on
//! screen, which waits for neither. Where a browser offers no WebGPU there, it runs on the page's thread. All take the same
//! [`Request`]s and give the same [`Reply`]s.
//!
//! | file | purpose |
//! |---|---|
//! | `message` | requests and replies |
//! | `wire` | messages as bytes |
//! | `host` | takes requests and answers them |
//! | `adapter` | the graphics device, and the check of its kernels |
//! | `pictures` | canvases and what is painted on them |
//! | `maps` | contours and what each pixel costs |
//! | `files` | the visitor's files, read |
//! | `intake` | from files to a cohort |
//! | `measure` | predictions against references |
//! | `rehearsal` | what is compiled, tried and compared before a run |
//! | `session` | from an opening to a session at work |
//! | `crew` | further workers that share the images of a run on the processor |
//! | `runner` | owns a session: commands in, reports out |
//! | `parcel` | bytes as what a browser sends between threads |
//! | `worker` | the host in a worker |

mod message;
mod wire;

#[cfg(target_arch = "wasm32")]
mod adapter;
#[cfg(target_arch = "wasm32")]
mod crew;
#[cfg(target_arch = "wasm32")]
mod files;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod intake;
#[cfg(target_arch = "wasm32")]
mod maps;
#[cfg(target_arch = "wasm32")]
mod measure;
#[cfg(target_arch = "wasm32")]
mod parcel;
#[cfg(target_arch = "wasm32")]
mod pictures;
#[cfg(target_arch = "wasm32")]
mod rehearsal;
#[cfg(target_arch = "wasm32")]
mod runner;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod turn;
#[cfg(target_arch = "wasm32")]
pub mod worker;

#[cfg(target_arch = "wasm32")]
pub use adapter::{adapter_name, graphics};
#[cfg(target_arch = "wasm32")]
pub use crew::recruit;
#[cfg(target_arch = "wasm32")]
pub use host::{Caller, Host};
pub use message::{
    Adapter, Kernels, Mapping, Opening, Pricing, Processor, Purpose, Rehearsal, Reply, Report, Request,
    Weighing,
};
#[cfg(target_arch = "wasm32")]
pub use parcel::{Letter, pack, unpack};
#[cfg(target_arch = "wasm32")]
pub use turn::next_turn;
pub use wire::{Error, read, write};
