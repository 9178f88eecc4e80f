//! What the heat map's colours mean.

use leptos::prelude::*;

use super::scene::weight_ends;
use crate::contour::Weighting;
use crate::ui::State;
use crate::view::heat_colors;

/// Stops of the drawn gradient: so many that it cannot be told from all 256 colours.
const STOPS: usize = 16;

/// The colours of the weight map with their numbers, and where the two weights that occur lie on it.
#[component]
pub fn ColorBar(state: State) -> impl IntoView {
    let stretch = Memo::new(move |_| state.layers.with(|layers| layers.stretch));
    let scale = Memo::new(move |_| {
        state.loss.with(|loss| {
            let weighting = loss.weighting::<f32>();
            let places = match weighting {
                Weighting::Contour { .. } => ["off contour", "on"],
                Weighting::NearContour { .. } => ["far away", "on a contour"],
                Weighting::BetweenObjects { .. } => ["far away", "where objects touch"],
            };
            (weight_ends(loss, stretch.get()), weighting.ends(), places)
        })
    });
    let percent = |ends: [f32; 2], weight: f32| {
        let part = (weight - ends[0]) / (ends[1] - ends[0]);
        format!("{:.1}%", 100.0 * part.clamp(0.0, 1.0))
    };
    view! {
        <div class="bar" role="group" aria-label="Colours of the weight map">
            <span class="bar__title">"Weight of a pixel"</span>
            <span class="bar__colors" style:background=gradient() aria-hidden="true"></span>
            {move || {
                let (ends, (off, on), [far, near]) = scale.get();
                view! {
                    <span class="bar__scale">
                        <span class="bar__mark" style:left=percent(ends, off)>{format!("{} {far}", figure(off))}</span>
                        <span class="bar__mark" style:left=percent(ends, on)>{format!("{} {near}", figure(on))}</span>
                    </span>
                }
            }}
        </div>
    }
}

fn figure(weight: f32) -> String {
    crate::ui::widgets::trim(f64::from(weight))
}

fn gradient() -> String {
    let colors = heat_colors();
    let stop = |i: usize| {
        let [r, g, b, _] = colors[i * 255 / (STOPS - 1)].to_le_bytes();
        format!("rgb({r} {g} {b})")
    };
    let stops: Vec<_> = (0..STOPS).map(stop).collect();
    format!("linear-gradient(to right, {})", stops.join(", "))
}
