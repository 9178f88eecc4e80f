//! The page: six floors, and on the fifth one folder for each question that it answers.
//!
//! Arrows point down, and no panel uses another; `tests/source/house.rs` reads the first table and holds it. What is plain value and
//! decides something is no part of the page but of [`page`](crate::page), which is tested natively.
//!
//! | floor | holds | may use |
//! |---|---|---|
//! | `app` | the frame: header, banners, which panel stands where | `panels`, `parts`, `services`, `store`, `ground` |
//! | `panels` | one folder for each question; views only | `parts`, `services`, `store`, `ground` |
//! | `parts` | widgets, colour bars, menu and controls of a loss, chart | `store`, `ground` |
//! | `services` | what acts: device, opening a study, training, keeping, maps, explaining, strokes | `store`, `ground` |
//! | `store` | signals | `ground` |
//! | `ground` | the browser, and the way to the engine | nothing of these |
//!
//! | panel | question |
//! |---|---|
//! | `study` | whose picture is it? samples, files, what is wrong with them |
//! | `viewer` | what is on it? canvas, planes, window, layers, read-out |
//! | `classes` | what is in the label? |
//! | `contour` | what is the contour? |
//! | `loss` | what does the loss weigh? |
//! | `pixels` | what does each pixel cost? |
//! | `data` | what does the network get to see? split, values, geometry |
//! | `training` | how does the network learn? |
//! | `scores` | how good is it? |
//! | `kept` | what is left of it after a reload? |
//! | `check` | does this graphics card compute right? |
//! | `benchmark` | how fast is it, and where does the time of a step go? |
//!
//! | service | what it does |
//! |---|---|
//! | `device` | opens the graphics device, and opens it again when it is lost |
//! | `variants` | which variants of the kernels are used |
//! | `samples`, `opening` | from a choice to a study on screen; edits of the cohort |
//! | `strokes` | draws on the label of the study |
//! | `maps`, `looks` | contour and weights of the slice on screen; what a canvas shows |
//! | `explaining` | the loss of each pixel of the slice that the network was asked about |
//! | `training` | plans a run, makes its session, turns reports into signals, takes a lost run up |
//! | `measuring` | has a predicted volume measured |
//! | `keeping` | keeps the session in the browser |

#![allow(
    unreachable_pub,
    reason = "nothing here is used from outside; `pub` says what a folder offers to the floors above"
)]

mod app;
mod ground;
mod panels;
mod parts;
mod services;
mod store;

/// Puts the page into the document's body, unless the document only wants to be timed.
pub fn mount() {
    if !app::bench::is_wanted() {
        leptos::mount::mount_to_body(app::App);
    }
}
