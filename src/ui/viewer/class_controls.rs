//! Each class's eye and opacity.

use leptos::prelude::*;

use super::popover::Popover;
use crate::ui::State;
use crate::ui::study::Class;

#[component]
pub fn ClassControls(state: State) -> impl IntoView {
    let classes = Memo::new(move |_| {
        state
            .study
            .with(|study| study.as_ref().map_or(Vec::new(), |study| study.classes.clone()))
    });
    let rows = move || {
        let rows = classes.get().into_iter().enumerate().skip(1).take(31);
        rows.map(|(k, class)| row(state, k, class)).collect_view()
    };
    view! {
        <Popover name="Classes">
            <p class="note">"Which classes fill, outline and prediction show, and how strongly: times the layer's opacity."</p>
            <ul class="eyes" aria-label="Classes on the picture">{rows}</ul>
        </Popover>
    }
}

fn row(
    state: State,
    k: usize,
    Class {
        name,
        color: [r, g, b],
        ..
    }: Class,
) -> impl IntoView {
    let drawn = move || state.visible.get() >> k & 1 == 1;
    let percent = move || (100.0 * f32::from(state.opacities.with(|all| all[k])) / 255.0).round();
    let fade = move |event| {
        if let Ok(percent) = event_target_value(&event).parse::<f32>() {
            state
                .opacities
                .update(|all| all[k] = (2.55 * percent).round() as u8);
        }
    };
    view! {
        <li>
            <label class="toggle">
                <input
                    type="checkbox" aria-label=format!("Show class {name}") prop:checked=drawn
                    on:change=move |_| state.visible.update(|visible| *visible ^= 1 << k)
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
