//! What the source and the documents must look like.

#![allow(clippy::unwrap_used, reason = "a test that unwraps fails with the fault")]

mod contract;
mod docs;
mod house;
