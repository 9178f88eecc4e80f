//! What the network says of the pixel, class by class, and which way it is pulled.

use std::sync::Arc;

use leptos::prelude::*;

use super::figure::{common_power, figure, in_units, power_of_ten};
use super::seen::Seen;

/// Classes below this are folded into one line.
const UNLIKELY: f32 = 1e-3;
/// Unless their gradient is at least this part of the largest.
const PULLED: f32 = 0.05;

#[component]
pub fn ClassTable(seen: RwSignal<Option<Arc<Seen>>>) -> impl IntoView {
    let power = Memo::new(move |_| {
        seen.with(|seen| seen.as_ref().map_or(0, |seen| common_power(&seen.pixel.gradient)))
    });
    let unit = move || match power.get() {
        0 => String::new(),
        power => format!("× {}", power_of_ten(power)),
    };
    let rows = move || {
        let seen = seen.get()?;
        let power = power.get();
        let told: Vec<usize> = (0..seen.pixel.logits.len())
            .filter(|k| is_told(&seen, *k))
            .collect();
        Some(told.into_iter().map(|k| row(&seen, k, power)).collect_view())
    };
    let folded = move || {
        let seen = seen.get()?;
        let classes = seen.pixel.logits.len();
        let count = (0..classes).filter(|k| !is_told(&seen, *k)).count();
        match count {
            0 => None,
            1 => Some("1 more class with p < 0.001".to_owned()),
            count => Some(format!("{count} more classes with p < 0.001")),
        }
    };
    view! {
        <div class="inspector__classes">
            <table class="classes inspector__table" aria-label="The pixel by class">
                <thead>
                    <tr>
                        <th scope="col">"Class"</th>
                        <th scope="col" class="figure">"Logit"<span>"z"</span></th>
                        <th scope="col">"Probability"<span>"p"</span></th>
                        <th scope="col" class="figure">"True"<span>"g"</span></th>
                        <th scope="col">"Contour"<span>"C"</span></th>
                        <th scope="col" class="figure">"Gradient"<span>"∂L/∂z "{unit}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="note">{folded}</p>
        </div>
    }
}

fn is_told(seen: &Seen, k: usize) -> bool {
    let pixel = &seen.pixel;
    let largest = pixel.gradient.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
    let has_part = k == pixel.label as usize || k == pixel.predicted as usize || pixel.contour >> k & 1 != 0;
    has_part || pixel.p[k] >= UNLIKELY || (largest > 0.0 && pixel.gradient[k].abs() >= PULLED * largest)
}

fn row(seen: &Seen, k: usize, power: i32) -> impl IntoView + use<> {
    let pixel = &seen.pixel;
    let (p, gradient) = (pixel.p[k], pixel.gradient[k]);
    let is_label = pixel.label as usize == k;
    let largest = pixel.gradient.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
    let part = if largest > 0.0 { gradient / largest } else { 0.0 };
    let lowers = part > 0.0;
    let half = 50.0 * part.abs();
    let left = if part < 0.0 { 50.0 - half } else { 50.0 };
    view! {
        <tr class:inspector__true=is_label>
            {class_cell(seen, k)}
            <td class="figure">{in_units(f64::from(pixel.logits[k]), 0)}</td>
            <td class="inspector__p">
                {figure(f64::from(p))}
                <span class="inspector__bar" aria-hidden="true">
                    <span style:width=format!("{:.1}%", 100.0 * p) style:background=seen.color(k)></span>
                </span>
            </td>
            <td class="figure">{u8::from(is_label)}</td>
            <td>{if pixel.contour >> k & 1 == 0 { "–" } else { "yes" }}</td>
            <td class="figure">
                {in_units(f64::from(gradient), power)}
                <span class="inspector__bar inspector__bar--signed" aria-hidden="true">
                    <span
                        class:inspector__down=lowers
                        style:left=format!("{left:.1}%")
                        style:width=format!("{half:.1}%")
                    ></span>
                </span>
            </td>
        </tr>
    }
}

/// A class by its colour, number and name, at the head of a row.
pub fn class_cell(seen: &Seen, k: usize) -> impl IntoView + use<> {
    view! {
        <th scope="row" class="inspector__class">
            <span>
                <span class="classes__swatch" style:background=seen.color(k)></span>
                <span class="inspector__number">{k}</span>
                <span class="inspector__name">{seen.name(k)}</span>
            </span>
        </th>
    }
}
