//! The layers on the GPU against their twins where the reference numbers have nothing: sizes that are no
//! multiple of a tile, reductions of many strips, gradients that are added to what is there.

#![allow(clippy::unwrap_used, reason = "a test may fail, and says where")]

mod bench;
mod convolution;
mod other;
