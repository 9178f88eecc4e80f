//! The pixel in one sentence, and its price; stays in sight while the arithmetic passes below.

use std::sync::Arc;

use leptos::prelude::*;

use super::figure::figure;
use super::seen::Seen;
use crate::loss::{Line, Share};
use crate::page::trim;

#[component]
pub fn Head(seen: RwSignal<Option<Arc<Seen>>>) -> impl IntoView {
    move || {
        let seen = seen.get()?;
        let [x, y] = seen.place;
        let [width, height] = seen.told.asked.fit.grid;
        let chosen = if seen.hovers {
            "Under the pointer"
        } else {
            "Under the crosshair"
        };
        let (label, predicted) = (seen.pixel.label as usize, seen.pixel.predicted as usize);
        let swatch = |class: usize| {
            view! { <span class="classes__swatch inspector__swatch" style:background=seen.color(class)></span> }
        };
        Some(view! {
            <div class="inspector__head">
                <p class="inspector__place">
                    {format!("{chosen}: pixel ({x}, {y}) of the {width} × {height} grid")}
                </p>
                <p class="inspector__said">
                    "Reference "{swatch(label)}<b>{seen.name(label)}</b>
                    ", predicted "{swatch(predicted)}<b>{seen.name(predicted)}</b>
                    {rest(&seen)}
                </p>
                <p class="inspector__price">
                    "Costs "<strong>{figure(seen.cost(seen.pixel.share))}</strong>
                    <span class="muted">{compared(&seen)}</span>
                    <span class="muted inspector__mean">
                        {format!(" The mean is the loss: {}.", figure(seen.told.explained.entry(Share::Total)))}
                    </span>
                </p>
                {parts(&seen).map(|text| view! { <p class="inspector__place">{text}</p> })}
            </div>
        })
    }
}

/// Contour and weights.
fn rest(seen: &Seen) -> String {
    if seen.pixel.label as usize >= seen.pixel.logits.len() {
        return ": no term of the loss counts it.".to_owned();
    }
    let bits = seen.pixel.contour;
    let names: Vec<String> = (0..seen.pixel.logits.len())
        .filter(|k| bits >> k & 1 != 0)
        .map(|k| seen.name(k))
        .collect();
    let contour = if names.is_empty() {
        ", on no contour".into()
    } else {
        format!(", on the contour of {}", names.join(" and "))
    };
    let class_weight = seen.pixel.class_weight;
    let of_class = if class_weight == 1.0 {
        String::new()
    } else {
        format!(", class weight {}", trim(class_weight))
    };
    format!(
        "{contour}; weight {}{of_class}.",
        trim(f64::from(seen.pixel.weight))
    )
}

/// With the mean pixel.
fn compared(seen: &Seen) -> String {
    let loss = seen.told.explained.entry(Share::Total);
    let times = seen.cost(seen.pixel.share) / loss;
    if loss <= 0.0 || times <= 0.0 {
        return ".".into();
    }
    match times {
        100.0.. => format!(", {times:.0} times the mean pixel."),
        1.05.. => format!(", {times:.1} times the mean pixel."),
        0.01.. => format!(", {:.0} % of the mean pixel.", 100.0 * times),
        _ => ", less than 1 % of the mean pixel.".into(),
    }
}

/// What each term has of the price, where there are several.
fn parts(seen: &Seen) -> Option<String> {
    let lines = &seen.pixel.lines;
    let part = |line: &Line| {
        let name = seen.term_name(line);
        let last = name.rsplit(": ").next().unwrap_or_default();
        format!("{last} {}", figure(seen.cost(line.share)))
    };
    (lines.len() > 1).then(|| lines.iter().map(part).collect::<Vec<_>>().join(" · "))
}
