//! One class: its colour, how much of it there is, and how much of that is contour.

use leptos::prelude::*;

use crate::page::grouped;
use crate::ui::store::{Data, Maps, View};

/// The left end of the log bar: 0.001 % of all voxels.
const LOWEST: f64 = 1e-5;

#[component]
pub fn ClassRow(data: Data, maps: Maps, view: View, class: usize) -> impl IntoView {
    let bit = 1_u32 << class;
    let known = data.study.with_untracked(|study| {
        let study = study.as_ref()?;
        Some((study.classes.get(class)?.clone(), study.labels.len()))
    });
    let Some((known, all)) = known else {
        return ().into_any();
    };
    let share = known.voxels as f64 / all.max(1) as f64;
    let [r, g, b] = known.color;
    let name = known.name;
    let drawn = move || view.visible.get() & bit != 0;
    let selected = move || view.selected.get() == Some(class as u8);
    let toggle = move |_| view.visible.update(|visible| *visible ^= bit);
    let select = move |_| {
        let now = Some(class as u8);
        view.selected
            .update(|selected| *selected = if *selected == now { None } else { now });
    };
    let contour = move || {
        let share = maps
            .extents
            .with(|extents| extents.classes.get(class).and_then(|extent| extent.share()));
        share.map_or("–".into(), percent)
    };
    let stale = move || maps.extents.with(|extents| !extents.is_complete());
    let absent = known.voxels == 0;
    view! {
        <tr class:classes__absent=absent>
            <td>
                <label class="classes__eye">
                    <input type="checkbox" aria-label=format!("Draw {name}") prop:checked=drawn on:change=toggle/>
                </label>
            </td>
            <td>
                <button class="classes__name" aria-pressed=move || selected().to_string() on:click=select>
                    <span class="classes__swatch" style:background=format!("rgb({r} {g} {b})")></span>
                    {name}
                </button>
            </td>
            <td class="figure">{grouped(known.voxels)}</td>
            <td>
                <span class="share" aria-hidden="true">
                    <span class="share__bar" style:width=format!("{:.1}%", 100.0 * log_part(share))></span>
                </span>
            </td>
            <td class="figure">{if absent { "absent".into() } else { percent(share) }}</td>
            <td class="figure" class:classes__stale=stale>{contour}</td>
        </tr>
    }
    .into_any()
}

/// Where a share lies on the log bar, from 0 to 1.
fn log_part(share: f64) -> f64 {
    if share <= 0.0 {
        return 0.0;
    }
    (1.0 - share.log10() / LOWEST.log10()).clamp(0.01, 1.0)
}

/// Three significant digits where that is less than a hundredth.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        10.0.. => format!("{percent:.0}\u{a0}%"),
        1.0.. => format!("{percent:.1}\u{a0}%"),
        0.1.. => format!("{percent:.2}\u{a0}%"),
        _ => format!("{percent:.3}\u{a0}%"),
    }
}
