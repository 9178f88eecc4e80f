//! What the comparison says in numbers and words.

use leptos::prelude::*;

use super::map::NAMES;
use crate::page::comparison::{Comparison, Quantity};
use crate::page::figure;

/// The losses and their maps as a table.
#[component]
pub fn Numbers(comparison: Memo<Option<Comparison>>) -> impl IntoView {
    let row = |now: &Comparison, side: usize| {
        let [a, b] = [&now.a, &now.b].map(|told| f64::from(told.explained.maps.terms.total));
        let figures = now.sides[side].figures;
        let numbers = [[a, b, b - a][side], figures.mean, figures.least, figures.largest];
        view! {
            <tr>
                <th scope="row">{NAMES[side]}</th>
                {numbers.map(|number| view! { <td class="figure">{figure(number)}</td> }).collect_view()}
            </tr>
        }
    };
    let rows = move || {
        comparison.with(|now| {
            let now = now.as_ref()?;
            Some([0, 1, 2].map(|side| row(now, side)).collect_view())
        })
    };
    let unit = move || {
        comparison.with(|now| {
            let scaled = now.as_ref().is_some_and(|now| now.scaled);
            let gradient = now.as_ref().is_some_and(|now| now.quantity == Quantity::Gradient);
            match (scaled, gradient) {
                (true, _) => {
                    "Both maps are divided by the mean of their sizes, so what differs is their shape: where a pixel is \
                     white in B − A, both losses lay the same part of themselves on it."
                }
                (false, false) => {
                    "A pixel's value is its exact share of the loss times the number of pixels, so the mean of each map \
                     is the loss. A and B have one range of colours; its last colour, like both ends of the difference, \
                     stands for what lies beyond as well."
                }
                (false, true) => {
                    "A pixel's value is the length of its gradient times the number of pixels. A and B have one range of \
                     colours; its last colour, like both ends of the difference, stands for what lies beyond as well."
                }
            }
        })
    };
    view! {
        <table class="classes numbers" aria-label="Both losses in numbers">
            <thead>
                <tr>
                    <th scope="col">"Map"</th>
                    <th scope="col" class="figure">"Loss L"</th>
                    <th scope="col" class="figure">"Mean"</th>
                    <th scope="col" class="figure">"Least"</th>
                    <th scope="col" class="figure">"Largest"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="note">{unit}</p>
    }
}

/// How far the gradients point apart.
#[component]
pub fn Angle(comparison: Memo<Option<Comparison>>) -> impl IntoView {
    let said = move || {
        let angle = comparison.with(|now| now.as_ref().and_then(|now| now.angle));
        let Some(angle) = angle else {
            return "One of the two has no gradient here, so there is no angle between them.".to_owned();
        };
        let meaning = match angle {
            angle if angle < 0.05 => "both descend in the same direction",
            angle if angle < 89.95 => {
                "a small step down one of them goes down the other too, the less the wider the angle"
            }
            angle if angle <= 90.05 => "a small step down one of them leaves the other as it is",
            _ => "a small step down one of them goes up the other",
        };
        format!("The angle between the two gradients is {angle:.1}°: {meaning}.")
    };
    view! {
        <p aria-live="polite">{said}</p>
        <p class="note">
            "Taken over the logits of all pixels and classes at once: 0° is the same direction of descent, 90° means that \
             the two agree on nothing. How steep a loss is plays no part in it."
        </p>
    }
}
