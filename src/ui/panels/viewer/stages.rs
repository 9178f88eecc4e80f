//! One plane, or all three, or prediction and reference side by side.

use leptos::prelude::*;

use super::stage::Stage;
use super::viewing::{Arrangement, Compare, Viewing};
use crate::nifti::Plane;
use crate::page::{Look, Side};
use crate::ui::services::looks::look_of_plane;
use crate::ui::store::State;

#[component]
pub fn Stages(look: Memo<Option<Look>>) -> impl IntoView {
    let (state, viewing) = (State::get(), Viewing::get());
    let kind = Memo::new(
        move |_| match (viewing.arrangement.get(), viewing.compare.get()) {
            (Arrangement::Three, _) => "three",
            (Arrangement::Single, Compare::SideBySide) => "two",
            (Arrangement::Single, _) => "one",
        },
    );
    let pane = move |plane: Plane| {
        let own = look_of_plane(state, look, plane);
        view! { <Stage plane=Signal::stored(plane) look=own explains={plane == Plane::Axial}/> }
    };
    let body = move || match kind.get() {
        "three" => Plane::ALL.map(pane).collect_view().into_any(),
        "two" => view! {
            <Stage plane=state.view.plane.into() look=look side=Side::Reference/>
            <Stage plane=state.view.plane.into() look=look side=Side::Prediction explains=false/>
        }
        .into_any(),
        _ => view! { <Stage plane=state.view.plane.into() look=look/> }.into_any(),
    };
    view! { <div class=move || format!("stages stages--{}", kind.get())>{body}</div> }
}
