//! How the picture is drawn, beyond the layers.

use leptos::prelude::*;

use super::orientation::Convention;
use super::scene::Zoom;
use super::{Layer, Layers};
use crate::ui::widgets::{Number, Segmented, Toggle};

const CONVENTIONS: [(Convention, &str); 2] = [
    (Convention::Radiological, "Radiological"),
    (Convention::Neurological, "Neurological"),
];

#[component]
pub fn DisplayControls(layers: RwSignal<Layers>, zoom: RwSignal<Zoom>) -> impl IntoView {
    let outline = Memo::new(move |_| layers.get().outline.shown);
    let line = Signal::derive(move || f64::from(layers.get().line_px));
    view! {
        <details class="display">
            <summary>"Display"</summary>
            <div class="display__body">
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
                <Toggle
                    name="Smooth between voxels"
                    value=Signal::derive(move || layers.get().smooth)
                    set=move |smooth| layers.update(|layers| layers.smooth = smooth)
                />
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
                <button class="button" on:click=move |_| zoom.set(Zoom::default())>"Reset zoom"</button>
                <p class="note">
                    "Wheel or Page keys: slice. Drag or arrow keys: crosshair. Right drag: window. "
                    "Ctrl and wheel, + and −: zoom. Middle drag: move. Double click or Home: reset."
                </p>
            </div>
        </details>
    }
}
