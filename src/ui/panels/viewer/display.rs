//! How the picture is drawn, beyond the layers.

use leptos::prelude::*;

use super::popover::Popover;
use crate::page::{Convention, Layer, Layers};
use crate::ui::parts::{Number, Segmented, Toggle};
use crate::view::ColorMap;

const CONVENTIONS: [(Convention, &str); 2] = [
    (Convention::Radiological, "Radiological"),
    (Convention::Neurological, "Neurological"),
];

#[component]
pub fn DisplayControls(layers: RwSignal<Layers>) -> impl IntoView {
    let outline = Memo::new(move |_| layers.get().outline.shown);
    let line = Signal::derive(move || f64::from(layers.get().line_px));
    let colors = move |name: &'static str, of: fn(&mut Layers) -> &mut ColorMap| {
        let now = Memo::new(move |_| *of(&mut layers.get()));
        let option = move |(map, known): (ColorMap, &'static str)| {
            view! { <option prop:selected=move || now.get() == map>{known}</option> }
        };
        let choose = move |event| {
            let wanted = event_target_value(&event);
            if let Some((map, _)) = ColorMap::ALL.iter().find(|(_, known)| *known == wanted) {
                layers.update(|layers| *of(layers) = *map);
            }
        };
        view! {
            <label class="choice">
                <span>{name}</span>
                <select aria-label=name on:change=choose>{ColorMap::ALL.map(option).collect_view()}</select>
            </label>
        }
    };
    view! {
        <Popover name="Display">
            <Segmented
                name="Left and right"
                options=CONVENTIONS.to_vec()
                value=Signal::derive(move || layers.get().convention)
                set=move |choice| layers.update(|layers| layers.convention = choice)
            />
            <p class="muted">
                {move || match layers.get().convention {
                    Convention::Radiological => "The patient's right is on the left, as if seen from the feet.",
                    Convention::Neurological => "The patient's right is on the right, as if seen from the head.",
                }}
            </p>
            <Toggle
                name="Outline of the reference labels"
                value=outline
                set=move |shown| layers.update(|layers| layers.outline = Layer { shown, ..layers.outline })
            />
            <Number
                name="Line width" unit="px" low=1.0 high=5.0 step=1.0
                value=line
                set=move |width: f64| layers.update(|layers| layers.line_px = width.clamp(1.0, 5.0) as u32)
            />
            <Number
                name="Outline’s opacity" unit="%" low=0.0 high=100.0 step=5.0
                value=Signal::derive(move || 100.0 * f64::from(layers.get().outline.opacity))
                set=move |percent: f64| {
                    let opacity = (percent as f32 / 100.0).clamp(0.0, 1.0);
                    layers.update(|layers| layers.outline.opacity = opacity);
                }
            />
            <Segmented
                name="Between voxels"
                options=vec![(true, "Linear"), (false, "Nearest")]
                value=Signal::derive(move || layers.get().smooth)
                set=move |smooth| layers.update(|layers| layers.smooth = smooth)
            />
            {colors("Image’s colours", |layers| &mut layers.image_colors)}
            {colors("Heat map’s colours", |layers| &mut layers.heat_colors)}
            <Toggle
                name="Crosshair"
                value=Signal::derive(move || layers.get().crosshair)
                set=move |crosshair| layers.update(|layers| layers.crosshair = crosshair)
            />
            <Toggle
                name="Stretch the weight map's colours"
                value=Signal::derive(move || layers.get().stretch)
                set=move |stretch| layers.update(|layers| layers.stretch = stretch)
            />
        </Popover>
    }
}
