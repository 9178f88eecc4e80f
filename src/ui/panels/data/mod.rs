//! What does the network get to see? Who trains and who validates, values, geometry, and what is changed at random.

mod geometry;
mod intensity;
mod laid;
mod picture;
mod preview;
mod shares;
mod split;

use leptos::prelude::*;

use crate::ui::store::{State, Training};
use geometry::Geometry;
use intensity::IntensityControls;
use laid::{Laid, slice_on_screen};
use preview::Preview;
use shares::Shares;
use split::SplitControls;

#[component]
pub fn DataPanel() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    let laid = Memo::new(move |_| Laid::now(state, training));
    let sliced = slice_on_screen(state.view, laid);
    view! {
        <p>
            "The network learns from axial slices of the training subjects, scaled to its grid, and is judged by slices that \
             it never sees in training."
        </p>
        <SplitControls state/>
        <IntensityControls state/>
        <Geometry state laid sliced/>
        <Preview training sliced/>
        <Shares data=state.data training/>
    }
}
