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
            <Strip layers=state.layers look=look predictions=state.predictions told=state.pixels.told/>
            <div class="viewer__controls">
                <PlaceControls arrangement=viewing.arrangement study=state.study plane=state.plane cursor=state.cursor/>
                <WindowControls study=state.study window=state.window/>
                <div class="viewer__more">
                    <Whereabouts state viewing/>
                    <DisplayControls layers=state.layers/>
                    <ClassControls state/>
                    <CompareControls state viewing/>
                    <EditControls state pencil=viewing.pencil/>
                    <Help viewing/>
                </div>
            </div>
            <Readout state=state look=look/>
        </section>
    }
}
