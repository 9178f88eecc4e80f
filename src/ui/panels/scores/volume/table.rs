//! The scores by class.

use leptos::prelude::*;

use super::Scored;
use crate::metrics::{Comparison, Metric, Presence, Scores};

/// Of a score between 0 and 1.
fn share(value: f64) -> String {
    format!("{value:.4}")
}

/// Of millimetres, millilitres and square centimetres.
fn length(value: f64) -> String {
    format!("{value:.2}")
}

fn cell(metric: Metric, value: Option<f64>) -> String {
    match value.filter(|value| value.is_finite()) {
        None => "–".into(),
        Some(value) if metric.is_distance() => length(value),
        Some(value) => share(value),
    }
}

#[component]
pub fn ScoreTable(scored: Memo<Option<Scored>>) -> impl IntoView {
    let name = move || {
        let slice = scored.with(|scored| scored.as_ref().and_then(|scored| scored.measured.slice));
        slice.map_or(
            "Scores of the volume by class",
            |_| "Scores of the slice by class",
        )
    };
    let extent_unit = move || {
        let slice = scored.with(|scored| {
            scored
                .as_ref()
                .is_some_and(|scored| scored.measured.slice.is_some())
        });
        if slice { "cm²" } else { "ml" }
    };
    let head = |metric: Metric| {
        view! { <th scope="col" class="figure">{metric.name()}<span class="measures__unit">{metric.unit()}</span></th> }
    };
    let body = move || {
        scored.with(|scored| {
            let scored = scored.as_ref()?;
            let rows = scored.measured.classes.iter().zip(&scored.rows).enumerate();
            Some(
                rows.map(|(i, (class, scores))| row(scored, i + 1, class, scores))
                    .collect_view(),
            )
        })
    };
    view! {
        <div class="measures" role="region" aria-label="Scores by class, scrolls sideways" tabindex="0">
            <table class="classes measures__table" aria-label=name>
                <thead>
                    <tr>
                        <th scope="col">"Class"</th>
                        {Metric::ALL.map(head).collect_view()}
                        <th scope="col" class="figure">"Predicted"<span class="measures__unit">{extent_unit}</span></th>
                        <th scope="col" class="figure">"Reference"<span class="measures__unit">{extent_unit}</span></th>
                    </tr>
                </thead>
                <tbody>{body}</tbody>
                <tfoot>{move || scored.with(|scored| scored.as_ref().map(foot))}</tfoot>
            </table>
        </div>
    }
}

fn row(scored: &Scored, class: usize, comparison: &Comparison, scores: &Scores) -> impl IntoView + use<> {
    let known = &scored.measured.of.study.classes[class];
    let [r, g, b] = known.color;
    let said = match (scores.presence, comparison.overlap.predicted) {
        (Presence::Both, _) => None,
        (Presence::Absent, _) => Some("absent"),
        (Presence::Missed, 0) => Some("missed: never predicted"),
        (Presence::Missed, _) => Some("missed: not in the reference"),
    };
    let value = |metric: Metric| view! { <td class="figure">{cell(metric, scores.get(metric))}</td> };
    let extent = |voxels: u64| length(scored.measured.field.extent(voxels));
    view! {
        <tr class:classes__absent=scores.presence == Presence::Absent class:measures__missed=scores.presence == Presence::Missed>
            <th scope="row" class="scores__name">
                <span class="classes__swatch" style:background=format!("rgb({r} {g} {b})")></span>
                {known.name.clone()}
                {said.map(|text| view! { <span class="measures__said">{text}</span> })}
            </th>
            {Metric::ALL.map(value).collect_view()}
            <td class="figure">{extent(comparison.overlap.predicted)}</td>
            <td class="figure">{extent(comparison.overlap.reference)}</td>
        </tr>
    }
}

fn foot(scored: &Scored) -> impl IntoView + use<> {
    let value =
        |metric: Metric| view! { <td class="figure">{cell(metric, scored.summary.mean(metric))}</td> };
    view! {
        <tr>
            <th scope="row" class="scores__name">{format!("Mean of {}", scored.summary.scored)}</th>
            {Metric::ALL.map(value).collect_view()}
            <td></td>
            <td></td>
        </tr>
    }
}
