//! Which plane, which slice.

use std::sync::Arc;

use leptos::prelude::*;

use super::split_marks::SplitMarks;
use super::viewing::Arrangement;
use crate::nifti::Plane;
use crate::page::Study;
use crate::ui::parts::Segmented;

const PLANES: [(Plane, &str); 3] = [
    (Plane::Axial, "Axial"),
    (Plane::Coronal, "Coronal"),
    (Plane::Sagittal, "Sagittal"),
];

#[component]
pub fn PlaceControls(
    arrangement: RwSignal<Arrangement>,
    #[prop(into)] study: Signal<Option<Arc<Study>>>,
    plane: RwSignal<Plane>,
    cursor: RwSignal<[usize; 3]>,
) -> impl IntoView {
    let axis = move || plane.get().axes()[2];
    let last =
        Memo::new(move |_| study.with(|study| study.as_ref().map_or(0, |study| study.shape[axis()] - 1)));
    let index = Memo::new(move |_| cursor.get()[axis()]);
    let set = move |event| {
        if let Ok(wanted) = event_target_value(&event).parse::<usize>() {
            let (axis, last) = (plane.get_untracked().axes()[2], last.get_untracked());
            cursor.update(|cursor| cursor[axis] = wanted.min(last));
        }
    };
    let role = move || {
        let slice = index.get();
        study.with(|study| match study {
            Some(study) if plane.get() == Plane::Axial => {
                if study.split.train.contains(&slice) {
                    "Training slice: the network learns from it."
                } else if study.split.validation.contains(&slice) {
                    "Validation slice: scored, but not learned from."
                } else {
                    "Unused slice: no class, or next to a validation slice."
                }
            }
            _ => "",
        })
    };
    view! {
        <div class="place">
            <div class="place__planes">
                <Segmented name="Plane" options=PLANES.to_vec() value=plane set=move |choice| plane.set(choice)/>
                <button
                    class="button" aria-pressed=move || (arrangement.get() == Arrangement::Three).to_string()
                    title="All three planes with one crosshair (4)" on:click=move |_| arrangement.update(Arrangement::turn)
                >"All three"</button>
            </div>
            <div class="slider">
                <label class="slider__name" for="slice">"Slice"</label>
                <span class="slider__track">
                    <SplitMarks study=study plane=plane/>
                    // A new slider for a new range: a value beyond the old one would be clamped.
                    {move || view! {
                        <input
                            id="slice" type="range" min="0" max=last.get() step="1"
                            prop:value=move || index.get().to_string() on:input=set
                        />
                    }}
                </span>
                <output class="slider__value" for="slice">
                    {index} <span class="muted">" / " {last}</span>
                </output>
            </div>
            <p class="place__use" aria-live="polite">{role}</p>
        </div>
    }
}
