//! The network from input to loss, drawn as a list: each node with its share of the time.

use std::sync::Arc;

use leptos::prelude::*;

use super::units::{NOTHING, giga, megabytes, percent, three};
use crate::page::benchmark::{Figures, Measured, Row};
use crate::page::grouped;

#[component]
pub fn NodeTable(measured: Arc<Measured>, peak: Option<f64>) -> impl IntoView {
    let total = measured.total;
    let tallest = measured
        .rows
        .iter()
        .filter_map(|row| row.shape)
        .map(|[_, h, _]| h)
        .max();
    let rows = measured.rows.iter().map(|row| {
        let level = match (tallest, row.shape) {
            (Some(tallest), Some([_, h, _])) if h > 0 => (tallest / h).ilog2(),
            _ => 0,
        };
        node(row, level, &total, peak)
    });
    let column = |name: &'static str, unit: &'static str| {
        view! { <th scope="col" class="figure">{name}<span class="benchmark__unit">{unit}</span></th> }
    };
    view! {
        <div class="benchmark__table" tabindex="0" role="region" aria-label="Time by node, scrolls">
            <table class="terms" aria-label="Time by node">
                <thead>
                    <tr>
                        <th scope="col">"Node"</th>
                        {column("Time", "ms")}
                        <th scope="col" class="benchmark__share">"Share of time"</th>
                        {column("Gives", "C × H × W")}
                        {column("Parameters", "")}
                        {column("Speed", "GFLOP/s")}
                        {column("Of the peak", "")}
                        {column("Moved", "MB")}
                        {column("Moved", "GB/s")}
                        {column("Dispatches", "")}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"All"</th>
                        <td class="figure">{three(total.ms)}</td>
                        <td class="benchmark__share">"100 %"</td>
                        <td></td>
                        <td class="figure">{grouped(measured.rows.iter().map(|row| row.parameters).sum())}</td>
                        {figures(&total, peak)}
                    </tr>
                </tfoot>
            </table>
        </div>
    }
}

/// Further in the deeper its level is, so that the list has the network's own outline.
fn node(row: &Row, level: u32, total: &Figures, peak: Option<f64>) -> impl IntoView + use<> {
    let share = if total.ms > 0.0 {
        row.figures.ms / total.ms
    } else {
        0.0
    };
    let shape = row
        .shape
        .map_or(NOTHING.into(), |[c, h, w]| format!("{c} × {h} × {w}"));
    let parameters = if row.parameters > 0 {
        grouped(row.parameters)
    } else {
        NOTHING.into()
    };
    view! {
        <tr>
            <th scope="row" style:padding-left=format!("{}rem", 0.625 * f64::from(level))>{row.name.clone()}</th>
            {time(&row.figures, share)}
            <td class="figure">{shape}</td>
            <td class="figure">{parameters}</td>
            {figures(&row.figures, peak)}
        </tr>
    }
}

fn time(figures: &Figures, share: f64) -> AnyView {
    if figures.dispatches == 0 {
        return view! {
            <td class="figure">{NOTHING}</td>
            <td class="benchmark__share muted">"within its neighbour"</td>
        }
        .into_any();
    }
    view! {
        <td class="figure">{three(figures.ms)}</td>
        <td class="benchmark__share">
            <span class="benchmark__bar" aria-hidden="true">
                <span style:width=format!("{:.2}%", 100.0 * share)></span>
            </span>
            <span class="benchmark__percent">{percent(share)}</span>
        </td>
    }
    .into_any()
}

fn figures(figures: &Figures, peak: Option<f64>) -> impl IntoView + use<> {
    let rate = figures.flops_per_second();
    let of_peak = rate
        .zip(peak)
        .map_or(NOTHING.into(), |(rate, peak)| percent(rate / peak));
    view! {
        <td class="figure">{giga(rate)}</td>
        <td class="figure">{of_peak}</td>
        <td class="figure">{if figures.dispatches > 0 { megabytes(figures.bytes) } else { NOTHING.into() }}</td>
        <td class="figure">{giga(figures.bytes_per_second())}</td>
        <td class="figure">{figures.dispatches}</td>
    }
}
