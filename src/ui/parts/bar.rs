//! What colours mean.

use std::sync::Arc;

use leptos::prelude::*;

/// Stops of the drawn gradient: so many that it cannot be told from all of the colours.
const STOPS: usize = 16;

/// Colours from the first to the last, with numbers below them.
#[component]
pub fn Bar(
    /// For whoever cannot see it.
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] title: Signal<String>,
    /// Packed rgba8.
    #[prop(into)]
    colors: Signal<Arc<[u32]>>,
    /// Where a text stands, from 0 at the first colour to 1 at the last.
    #[prop(into)]
    marks: Signal<Vec<(f32, String)>>,
) -> impl IntoView {
    let mark = |(part, text): (f32, String)| {
        let place = format!("{:.1}%", 100.0 * part.clamp(0.0, 1.0));
        view! { <span class="bar__mark" style=("--place", place)>{text}</span> }
    };
    view! {
        <div class="bar" role="group" aria-label=name>
            <span class="bar__title">{title}</span>
            <span class="bar__colors" style:background=move || colors.with(|colors| gradient(colors)) aria-hidden="true"></span>
            <span class="bar__scale">{move || marks.get().into_iter().map(mark).collect_view()}</span>
        </div>
    }
}

fn gradient(colors: &[u32]) -> String {
    let stop = |i: usize| {
        let [r, g, b, _] = colors[i * (colors.len() - 1) / (STOPS - 1)].to_le_bytes();
        format!("rgb({r} {g} {b})")
    };
    let stops: Vec<_> = (0..STOPS).map(stop).collect();
    format!("linear-gradient(to right, {})", stops.join(", "))
}
