//! Window and level: presets and numbers; the stage takes a right drag.

use std::sync::Arc;

use leptos::prelude::*;

use crate::page::{Modality, Study, Window};
use crate::ui::parts::Field;

/// What the menu offers, by name.
fn presets(study: &Study) -> Vec<(&'static str, Window)> {
    let mut presets = match study.modality {
        Modality::Ct => vec![
            ("Soft tissue", Window::SOFT_TISSUE),
            ("Liver", Window::LIVER),
            ("Bone", Window::BONE),
            ("Lung", Window::LUNG),
        ],
        Modality::Other => vec![("Automatic (0.5 to 99.5 %)", study.automatic)],
    };
    presets.push(("Full range", study.full));
    presets
}

#[component]
pub fn WindowControls(
    #[prop(into)] study: Signal<Option<Arc<Study>>>,
    window: RwSignal<Window>,
) -> impl IntoView {
    let offered = Memo::new(move |_| study.with(|study| study.as_deref().map(presets).unwrap_or_default()));
    let current = Memo::new(move |_| {
        let now = window.get();
        offered.with(|offered| offered.iter().position(|(_, preset)| *preset == now))
    });
    let choose = move |event| {
        let chosen = event_target_value(&event).parse::<usize>().ok();
        let chosen = chosen.and_then(|i| offered.with_untracked(|offered| offered.get(i).copied()));
        if let Some((_, preset)) = chosen {
            window.set(preset);
        }
    };
    let unit = Signal::derive(move || study.with(|study| study.as_deref().map_or("", Study::unit)));
    let option = move |(i, (name, _)): (usize, (&'static str, Window))| {
        view! { <option value=i.to_string() prop:selected=move || current.get() == Some(i)>{name}</option> }
    };
    view! {
        <fieldset class="window">
            <legend>"Window"</legend>
            <select aria-label="Window preset" on:change=choose>
                {move || offered.get().into_iter().enumerate().map(option).collect_view()}
                <option value="custom" prop:selected=move || current.get().is_none()>"Custom"</option>
            </select>
            <Field
                name="Level"
                value=Signal::derive(move || f64::from(window.get().level))
                set=move |level: f64| window.update(|window| window.level = level as f32)
                unit=unit
            />
            <Field
                name="Width"
                value=Signal::derive(move || f64::from(window.get().width))
                set=move |width: f64| window.update(|window| window.width = (width as f32).max(Window::MIN_WIDTH))
                unit=unit
            />
        </fieldset>
    }
}
