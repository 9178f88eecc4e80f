//! What acts.

pub mod device;
pub mod explaining;
pub mod keeping;
pub mod looks;
pub mod maps;
pub mod measuring;
pub mod opening;
pub mod samples;
pub mod strokes;
pub mod training;
pub mod variants;
