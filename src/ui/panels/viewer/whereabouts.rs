//! Where the picture and the crosshair are, in numbers.

use leptos::prelude::*;

use super::deeds::reset_window;
use super::popover::Popover;
use super::viewing::Viewing;
use crate::page::Zoom;
use crate::ui::parts::{Field, Number};
use crate::ui::store::{Data, View};

const AXES: [&str; 3] = ["x", "y", "z"];

#[component]
pub fn Whereabouts(data: Data, view: View, viewing: Viewing) -> impl IntoView {
    let zoom = move || viewing.zoom(view.plane.get());
    let change = move |change: &dyn Fn(Zoom) -> Zoom| {
        let zoom = viewing.zoom(view.plane.get_untracked());
        zoom.update(|zoom| *zoom = change(*zoom));
    };
    let pan = move |axis: usize| Signal::derive(move || f64::from(100.0 * zoom().get().pan[axis]));
    let move_to = move |axis: usize, percent: f64| {
        change(&|zoom| {
            let mut by = [0.0; 2];
            by[axis] = percent as f32 / 100.0 - zoom.pan[axis];
            if by[axis].is_finite() {
                zoom.moved(by)
            } else {
                zoom
            }
        });
    };
    let magnify_to = move |factor: f64| {
        if factor.is_finite() && factor > 0.0 {
            change(&|zoom| zoom.about(factor as f32 / zoom.factor, [0.0; 2]));
        }
    };
    let go = move |axis: usize, wanted: f64| {
        let last = data
            .study
            .with_untracked(|study| study.as_ref().map(|study| study.shape[axis] - 1));
        if let Some(last) = last {
            view.cursor
                .update(|cursor| cursor[axis] = (wanted.max(0.0) as usize).min(last));
        }
    };
    let coordinate = move |axis: usize| {
        view! {
            <Field
                name=AXES[axis] value=Signal::derive(move || view.cursor.get()[axis] as f64)
                set=move |wanted| go(axis, wanted) unit=Signal::stored("")
            />
        }
    };
    let reset = move |_| {
        viewing.reset_zooms();
        reset_window(data, view);
    };
    view! {
        <Popover name="Place">
            <fieldset class="coordinates">
                <legend>"Crosshair on voxel"</legend>
                {[0, 1, 2].map(coordinate).collect_view()}
            </fieldset>
            <Number
                name="Zoom" unit="×" low=f64::from(Zoom::RANGE[0]) high=f64::from(Zoom::RANGE[1]) step=0.05
                value=Signal::derive(move || f64::from(zoom().get().factor)) set=magnify_to
            />
            <Number
                name="Move across" unit="%" low=-100.0 high=100.0 step=1.0
                value=pan(0) set=move |percent| move_to(0, percent)
            />
            <Number
                name="Move down" unit="%" low=-100.0 high=100.0 step=1.0
                value=pan(1) set=move |percent| move_to(1, percent)
            />
            <p class="note">"1 × shows the whole slice; the picture moves by a share of its frame."</p>
            <button class="button" on:click=reset>"Reset zoom, place and window"</button>
        </Popover>
    }
}
