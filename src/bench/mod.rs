//! The workloads on which the application is timed, beside other libraries and by itself.
//!
//! `www/bench/workloads.js` says what they are and makes their data and initial weights, the same for every library in
//! a browser; [`Spec::named`] and [`Given::of`] do so natively, to the same numbers.

mod error;
mod given;
mod processor;
mod replay;
mod seeded;
mod spec;
mod work;
mod workloads;

pub use error::Error;
pub use given::Given;
pub use spec::{Kind, Spec};
pub use work::Work;
