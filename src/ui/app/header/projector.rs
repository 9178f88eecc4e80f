//! Large type, for those in the last row; remembered.

use leptos::prelude::*;

use crate::ui::ground::browser;
use crate::ui::parts::Toggle;

const KEY: &str = "contour-lab.projector";

#[component]
pub fn ProjectorChoice() -> impl IntoView {
    let projected = RwSignal::new(browser::recall(KEY).as_deref() == Some("on"));
    Effect::new(move || {
        let projected = projected.get();
        browser::remember(KEY, if projected { "on" } else { "off" });
        if let Some(root) = document().document_element() {
            // Cannot fail: the attribute's name is legal.
            let _ = root.toggle_attribute_with_force("data-projector", projected);
        }
    });
    view! {
        <div title="Larger type and lines, for a projector">
            <Toggle name="Projector" value=projected set=move |chosen| projected.set(chosen)/>
        </div>
    }
}
