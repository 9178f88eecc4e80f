//! What does the network get to see? Who trains and who validates, values, geometry, and what is changed at random.

mod geometry;
mod intensity;
mod picture;
mod preview;
mod shares;
mod split;

use leptos::prelude::*;

use super::State;
use super::training::Training;
use geometry::Geometry;
use intensity::IntensityControls;
use preview::Preview;
use shares::Shares;
use split::SplitControls;

#[component]
pub fn DataPanel() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    view! {
        <p>
            "The network learns from axial slices of the training subjects, scaled to its grid, and is judged by slices that \
             it never sees in training."
        </p>
        <SplitControls state/>
        <IntensityControls state/>
        <Geometry state training/>
        <Preview state training/>
        <Shares state training/>
    }
}
