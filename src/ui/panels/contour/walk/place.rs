//! Which class, and where.

use std::sync::Arc;

use leptos::prelude::*;

use super::patch::{Patch, go_to_boundary};
use crate::ui::store::{Data, View};

#[component]
pub fn Place(
    data: Data,
    view: View,
    /// The class that was asked for; `None` follows the class table and the crosshair.
    asked: RwSignal<Option<u8>>,
    class: Memo<Option<u8>>,
    patch: Memo<Option<Arc<Patch>>>,
) -> impl IntoView {
    let failed = RwSignal::new(false);
    // Another study has other classes.
    Effect::new(move |before: Option<()>| {
        data.study.track();
        if before.is_some() {
            asked.set(None);
        }
    });
    Effect::new(move || {
        patch.track();
        failed.set(false);
    });
    let options = move || {
        let study = data.study.get()?;
        let chosen = view.selected.get().is_some();
        let follows = if chosen {
            "As chosen in the class table"
        } else {
            "Under the crosshair"
        };
        let known = study
            .classes
            .iter()
            .enumerate()
            .filter(|(_, class)| class.voxels > 0);
        let option = |(k, class): (usize, &crate::page::Class)| {
            let selected = move || asked.get() == Some(k as u8);
            view! { <option value=k.to_string() selected=selected>{class.name.clone()}</option> }
        };
        Some(view! {
            <option value="" selected=move || asked.get().is_none()>{follows}</option>
            {known.map(option).collect_view()}
        })
    };
    let choose = move |event| asked.set(event_target_value(&event).parse().ok());
    let empty =
        Memo::new(move |_| patch.with(|patch| patch.as_ref().is_some_and(|patch| !patch.has_contour())));
    let name = Memo::new(move |_| patch.with(|patch| patch.as_ref().map(|patch| patch.name.clone())));
    let go = move |_| {
        if let Some(class) = class.get_untracked() {
            failed.set(!go_to_boundary(data, view, class));
        }
    };
    let about = move || patch.with(|patch| patch.as_ref().map_or(String::new(), |patch| about(patch)));
    let suggestion = move || {
        let name = name.get().unwrap_or_default();
        if failed.get() {
            format!("{name} has no boundary in any slice.")
        } else if empty.get() {
            format!("No pixel of this patch becomes contour of {name}.")
        } else {
            String::new()
        }
    };
    view! {
        <div class="walk__place">
            <label class="walk__class">
                <span class="field__name">"Class"</span>
                <span class="classes__swatch walk__swatch" aria-hidden="true"></span>
                <select aria-label="Class of the walk" on:change=choose>{options}</select>
            </label>
            <button class="button" class:button--primary=empty on:click=go>"Go to the boundary"</button>
        </div>
        <p class="walk__suggestion" role="status">{suggestion}</p>
        <p class="note">{about}</p>
    }
}

/// Which pixels these are, and how they lie.
fn about(patch: &Patch) -> String {
    let window = patch.walk.window();
    let [across, down, through] = patch.axes;
    let range = |axis: usize| (window.first[axis], window.first[axis] + window.size[axis] - 1);
    let ((left, right), (low, high)) = (range(0), range(1));
    let way = if window.backwards[0] { "left" } else { "right" };
    format!(
        "{} × {} pixels of slice {through} = {}, {across} from {left} to {right} and {down} from {low} to {high}. As in \
         the picture, {across} grows to the {way} and {down} upwards.",
        window.size[0], window.size[1], window.slice
    )
}
