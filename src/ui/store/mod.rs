//! What the page knows: small stores of signals, and nothing that acts.

mod asking;
mod compute;
mod data;
mod device;
mod keeping;
mod maps;
mod objective;
mod pencil;
mod pixels;
mod planning;
mod run;
mod task;
mod view;

use leptos::prelude::*;

use crate::page::Predictions;
pub use asking::Asking;
pub use compute::Compute;
pub use data::Data;
pub use device::Device;
pub use keeping::Keeping;
pub use maps::Maps;
pub use objective::Objective;
pub use pencil::{Pencil, Tool, WIDEST};
pub use pixels::Pixels;
pub use planning::Planning;
pub use run::{Comparison, Training};
pub use task::Task;
pub use view::View;

/// The stores that are there from the beginning, for what needs most of them. What needs one alone
/// takes that: each is known to every panel.
#[derive(Clone, Copy)]
pub struct State {
    pub compute: Compute,
    pub data: Data,
    pub view: View,
    pub objective: Objective,
    /// What the network says; written by the training panel, drawn by the viewer.
    pub predictions: RwSignal<Predictions>,
    /// What the loss says of each pixel.
    pub pixels: Pixels,
    /// What follows from the above.
    pub maps: Maps,
}

impl State {
    /// Makes the stores, each known to every panel.
    pub fn provide() -> Self {
        let state = Self {
            compute: Compute::new(),
            data: Data::new(),
            view: View::new(),
            objective: Objective::new(),
            predictions: RwSignal::new(Predictions::new()),
            pixels: Pixels::new(),
            maps: Maps::new(),
        };
        provide_context(state);
        provide_context(state.compute);
        provide_context(state.data);
        provide_context(state.view);
        provide_context(state.objective);
        provide_context(state.pixels);
        provide_context(state.maps);
        state
    }

    /// The page's stores, from anywhere below [`App`](crate::ui::app::App).
    pub fn get() -> Self {
        expect_context()
    }
}
