//! Every block of the network: what it gives, what it learns, what it takes.

use leptos::prelude::*;

use super::Known;
use crate::page::grouped;

#[component]
pub fn BlockTable(known: Vec<Known>) -> impl IntoView {
    let measured = known.iter().any(|known| known.share.is_some());
    let total = |read: fn(&Known) -> usize| grouped(known.iter().map(read).sum());
    let (parameters, bytes) = (
        total(|known| known.block.parameters),
        known.iter().map(|known| known.bytes).sum(),
    );
    view! {
        <div class="network__table" tabindex="0" role="region" aria-label="Blocks of the network, scrolls">
            <table class="terms" aria-label="Blocks of the network">
                <thead>
                    <tr>
                        <th scope="col">"Block"</th>
                        <th scope="col" class="figure">"Gives, C × H × W"</th>
                        <th scope="col" class="figure">"Parameters"</th>
                        <th scope="col" class="figure">"Values, MB"</th>
                        <th scope="col" class="figure">"Share of time"</th>
                    </tr>
                </thead>
                <tbody>{known.iter().map(row).collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"All"</th>
                        <td></td>
                        <td class="figure">{parameters}</td>
                        <td class="figure">{megabytes(bytes)}</td>
                        <td></td>
                    </tr>
                </tfoot>
            </table>
        </div>
        <p class="note">
            "Values: what the layers of a block leave for one batch, four bytes each. In training gradients come to that, and \
             tensors that are not needed at the same time share memory; the sum under Memory is that of the plan. "
            {if measured {
                "Share of time: of the step that was measured last; the rest is the loss and the optimiser."
            } else {
                "The share of time is there once a step of this network has been measured (Benchmark my GPU, at the top of the page)."
            }}
        </p>
    }
}

fn row(known: &Known) -> impl IntoView + use<> {
    let [c, h, w] = known.block.shape;
    let parameters = match known.block.parameters {
        0 => "–".into(),
        count if known.block.frozen => format!("{} frozen", grouped(count)),
        count => grouped(count),
    };
    let share = known
        .share
        .map_or("–".into(), |share| format!("{:.1} %", 100.0 * share));
    view! {
        <tr>
            <th scope="row" style:padding-left=format!("{}rem", 0.625 * known.block.level as f64)>
                {known.block.name.clone()}
            </th>
            <td class="figure">{format!("{c} × {h} × {w}")}</td>
            <td class="figure">{parameters}</td>
            <td class="figure">{megabytes(known.bytes)}</td>
            <td class="figure">{share}</td>
        </tr>
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.2}", bytes as f64 / 1e6)
}
