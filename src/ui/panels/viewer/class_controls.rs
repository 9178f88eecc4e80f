//! Each class's eye and opacity, and a menu of the classes.

use leptos::prelude::*;

use super::popover::Popover;
use crate::ui::store::State;

/// Name and colour of every class; the same while only the labels change.
fn classes(state: State) -> Memo<Vec<(String, [u8; 3])>> {
    Memo::new(move |_| {
        state.data.study.with(|study| {
            let classes = study.as_ref().map_or(&[][..], |study| &study.classes);
            classes
                .iter()
                .map(|class| (class.name.clone(), class.color))
                .collect()
        })
    })
}

/// A menu of the study's classes.
#[component]
pub fn ClassChoice(
    state: State,
    label: &'static str,
    /// What is chosen, in full.
    name: &'static str,
    #[prop(into)] class: Signal<u8>,
    choose: impl Fn(u8) + 'static,
) -> impl IntoView {
    let classes = classes(state);
    let option = move |(k, (name, _)): (usize, (String, [u8; 3]))| {
        view! { <option value=k.to_string() prop:selected=move || usize::from(class.get()) == k>{name}</option> }
    };
    let changed = move |event| {
        if let Ok(class) = event_target_value(&event).parse() {
            choose(class);
        }
    };
    view! {
        <label class="choice">
            <span>{label}</span>
            <select aria-label=name on:change=changed>
                {move || classes.get().into_iter().enumerate().map(option).collect_view()}
            </select>
        </label>
    }
}

#[component]
pub fn ClassControls(state: State) -> impl IntoView {
    let classes = classes(state);
    let rows = move || {
        let rows = classes.get().into_iter().enumerate().skip(1).take(31);
        rows.map(|(k, (name, color))| row(state, k, name, color))
            .collect_view()
    };
    view! {
        <Popover name="Classes">
            <p class="note">"Which classes fill, outline and prediction show, and how strongly: times the layer's opacity."</p>
            <ul class="eyes" aria-label="Classes on the picture">{rows}</ul>
        </Popover>
    }
}

fn row(state: State, k: usize, name: String, [r, g, b]: [u8; 3]) -> impl IntoView {
    let drawn = move || state.view.visible.get() >> k & 1 == 1;
    let percent = move || (100.0 * f32::from(state.view.opacities.with(|all| all[k])) / 255.0).round();
    let fade = move |event| {
        if let Ok(percent) = event_target_value(&event).parse::<f32>() {
            state
                .view
                .opacities
                .update(|all| all[k] = (2.55 * percent).round() as u8);
        }
    };
    view! {
        <li>
            <label class="toggle">
                <input
                    type="checkbox" aria-label=format!("Show class {name}") prop:checked=drawn
                    on:change=move |_| state.view.visible.update(|visible| *visible ^= 1 << k)
                />
                <span class="classes__swatch" style:background=format!("rgb({r} {g} {b})")></span>
                <span>{name.clone()}</span>
            </label>
            <input
                type="range" min="0" max="100" step="5" aria-label=format!("Opacity of class {name}")
                prop:value=move || percent().to_string() on:input=fade
            />
            <output class="figure">{percent} " %"</output>
        </li>
    }
}
