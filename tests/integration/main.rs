//! The rooms together, on the software adapter and on the processor: one program, because each links all of the library.

#![allow(clippy::unwrap_used, reason = "a test that unwraps fails with the fault")]

mod beginning;
mod contour;
mod device;
mod distance;
mod explain;
mod gpu_report;
mod halves;
mod ignored;
mod loads;
mod loss;
mod losses_on_page;
mod mask;
mod metrics;
mod networks;
mod overfit;
mod pace;
mod patches;
mod plan;
mod tiles;
mod train_on;
mod volume;
mod worked;
