//! The page: its state, and one folder for each question that it answers.
//!
//! | folder | question |
//! |---|---|
//! | `engine` | who computes it? the way to the worker |
//! | `study` | whose picture is it? samples, files, what is wrong with them |
//! | `viewer` | what is on it? canvas, planes, window, layers, read-out |
//! | `classes` | what is in the label? |
//! | `data` | what does the network get to see? split, values, geometry |
//! | `contour` | what is the contour? |
//! | `loss` | what does the loss weigh? |
//! | `training` | how does the network learn? |
//! | `scores` | how good is it? |
//! | `kept` | what is left of it after a reload? |
//! | `check` | does this graphics card compute right? |
//!
//! A panel's root takes [`State`] from the context and hands its parts the narrowest signals that they need.

#![allow(
    unreachable_pub,
    reason = "nothing here is used from outside; `pub` says what a panel offers to the others"
)]

mod app;
mod bench;
mod benchmark;
mod browser;
mod check;
mod classes;
mod contour;
mod data;
mod device;
mod engine;
mod header;
mod kept;
mod latest;
mod loss;
mod maps;
mod pixels;
mod scores;
mod state;
mod study;
mod training;
mod variants;
mod viewer;
mod widgets;

pub use state::State;

/// Puts the page into the document's body, unless the document only wants to be timed.
pub fn mount() {
    if !bench::is_wanted() {
        leptos::mount::mount_to_body(app::App);
    }
}
