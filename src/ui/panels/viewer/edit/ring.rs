//! The brush as a ring under the pointer.

use leptos::prelude::*;

use crate::page::{Look, Zoom};
use crate::ui::store::{Pencil, State, Tool};

#[component]
pub fn Ring(
    pencil: Pencil,
    look: Memo<Option<Look>>,
    zoom: Memo<Zoom>,
    #[prop(into)] size: Signal<[u32; 2]>,
) -> impl IntoView {
    let state = State::get();
    let place = move || {
        let (voxel, canvas) = (state.pixels.hover.get()?, size.get());
        if pencil.tool.get() == Tool::None || canvas.contains(&0) {
            return None;
        }
        look.with(|look| {
            let look = look.as_ref()?;
            let [across, down, through] = look.shown.cut.plane.axes();
            if voxel[through] != look.shown.cut.index {
                return None;
            }
            let fit = look.fit(canvas, zoom.get());
            let middle = fit.canvas([voxel[across], voxel[down]]);
            let across = pencil.size.get() as f32;
            // Shares of the canvas: left, top, width, height.
            Some([0, 1, 2, 3].map(|part| {
                let axis = part % 2;
                let length = across / fit.step[axis].abs();
                let pixels = if part < 2 {
                    middle[axis] - length / 2.0
                } else {
                    length
                };
                format!("{:.3}%", 100.0 * pixels / canvas[axis] as f32)
            }))
        })
    };
    move || {
        place().map(|[left, top, width, height]| {
            view! {
                <span
                    class="stage__ring" aria-hidden="true"
                    style:left=left style:top=top style:width=width style:height=height
                ></span>
            }
        })
    }
}
