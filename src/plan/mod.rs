//! A run planned from the data: what its settings are to be, each with its reason, and the time that it will take.
//!
//! `fingerprint` says what the data are, `rate` how fast the machine is; `preset` what a run asks for, and `planned` makes
//! settings of the three. `aspect` tells which of them the visitor has changed since. `engine` says who computes it, and why;
//! `shipped` which weights come along to begin with.

pub mod address;
mod aspect;
mod augment;
pub mod engine;
mod fingerprint;
mod fits;
mod further;
mod learning;
mod measured;
mod planned;
mod preset;
mod rate;
mod reasons;
mod settings;
mod shipped;
mod words;

pub use aspect::Aspect;
pub use fingerprint::{Class, Fingerprint};
pub use fits::{MOST_BYTES, Oversize, fits};
pub use further::{further_said, offered};
pub use learning::Learning;
pub use measured::{Measured, remember};
pub use planned::{Planned, Question, plan, plans, usual};
pub use preset::{Preset, Rung};
pub use rate::{Engine, Known, Machine, Taking, Work};
pub use settings::{
    BY_CLASS, DEPTHS, PATCHES, SIZES, Settings, Start, WIDTHS, with_learning_rate, with_weight_decay,
};
pub use shipped::{SHIPPED, SHIPPED_CARD, Shipped};
pub use words::duration;
