//! What is on the picture? Canvas, planes, window, layers and read-out.

mod bindings;
mod class_controls;
mod compare;
mod compare_controls;
mod deeds;
mod display;
mod edit;
mod gestures;
mod help;
mod picture;
mod place;
mod pointers;
mod popover;
mod readout;
mod split_marks;
mod stage;
mod stages;
mod strip;
mod viewing;
mod whereabouts;
mod window_controls;

use leptos::prelude::*;

use crate::ui::services::looks::look_of;
use crate::ui::services::strokes;
use crate::ui::store::State;
use class_controls::ClassControls;
use compare_controls::CompareControls;
use display::DisplayControls;
use edit::EditControls;
use help::Help;
use place::PlaceControls;
use readout::Readout;
use stages::Stages;
use strip::Strip;
use viewing::Viewing;
use whereabouts::Whereabouts;
use window_controls::WindowControls;

#[component]
pub fn Viewer() -> impl IntoView {
    let state = State::get();
    let viewing = Viewing::new();
    provide_context(viewing);
    strokes::follow(state, viewing.pencil);
    let look = look_of(state, state.maps.shown);
    view! {
        <section class="viewer" aria-label="Picture">
            <Stages look=look/>
            <Strip layers=state.view.layers look=look predictions=state.predictions told=state.pixels.told/>
            <div class="viewer__controls">
                <PlaceControls arrangement=viewing.arrangement study=state.data.study plane=state.view.plane cursor=state.view.cursor/>
                <WindowControls study=state.data.study window=state.view.window/>
                <div class="viewer__more">
                    <Whereabouts data=state.data view=state.view viewing/>
                    <DisplayControls layers=state.view.layers/>
                    <ClassControls state/>
                    <CompareControls state viewing/>
                    <EditControls state pencil=viewing.pencil/>
                    <Help viewing/>
                </div>
            </div>
            <Readout data=state.data pixels=state.pixels view=state.view look=look/>
        </section>
    }
}
