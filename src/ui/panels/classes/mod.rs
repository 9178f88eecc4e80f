//! What is in the label?

mod edit;
mod row;

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::ui::store::State;
use edit::ClassEditor;
use row::ClassRow;

#[component]
pub fn ClassPanel() -> impl IntoView {
    let state = State::get();
    let count = Memo::new(move |_| {
        state
            .data
            .study
            .with(|study| study.as_ref().map_or(0, |study| study.classes.len()))
    });
    let rows = move || {
        state.data.study.track();
        (0..count.get())
            .map(|class| view! { <ClassRow data=state.data maps=state.maps view=state.view class/> })
            .collect_view()
    };
    let about = move || {
        let extents = state.maps.extents.get();
        if !extents.is_complete() && !extents.classes.is_empty() {
            return "Counting the contour of every slice…".to_owned();
        }
        let place = match extents.plane {
            None => "in the volume",
            Some(Plane::Axial) => "in axial slices",
            Some(Plane::Coronal) => "in coronal slices",
            Some(Plane::Sagittal) => "in sagittal slices",
        };
        format!(
            "Share of all voxels, bars from 0.001 to 100 % in powers of ten. Contour: pixels of the class's contour \
             {place}, as a share of the class."
        )
    };
    view! {
        <table class="classes" aria-label="Classes of the reference labels">
            <thead>
                <tr>
                    <th scope="col"><span class="visually-hidden">"Drawn"</span></th>
                    <th scope="col">"Class"</th>
                    <th scope="col" class="figure">"Voxels"</th>
                    <th scope="col" colspan="2">"Share (log)"</th>
                    <th scope="col" class="figure">"Contour"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="note">{about}</p>
        <div class="presets">
            <button class="button" on:click=move |_| state.view.visible.set(!1)>"Show all classes"</button>
            <button class="button" on:click=move |_| state.view.visible.set(0)>"Hide all classes"</button>
            <span class="note">"Choose a class to see its contour alone."</span>
        </div>
        <ClassEditor state/>
    }
}
