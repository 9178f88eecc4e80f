//! The network of the next run, drawn and as a table.

mod drawing;
mod table;

use leptos::prelude::*;

use crate::net::Block;
use crate::page::Outlook;
use crate::page::benchmark::Measured;
use crate::ui::store::Training;
use drawing::Drawing;
use table::BlockTable;

/// A block with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub block: Block,
    /// What its nodes leave for one batch.
    pub bytes: u64,
    /// Of the measured step, if one of this network was measured.
    pub share: Option<f64>,
}

#[component]
pub fn NetworkPanel(training: Training) -> impl IntoView {
    let known = Memo::new(move |_| {
        let measured = training.benchmark.with(|benchmark| benchmark.measured.clone());
        training.outlook.with(|outlook| match outlook {
            Some(Ok(outlook)) => Some(blocks(outlook, measured.as_deref())),
            _ => None,
        })
    });
    let kind = Memo::new(move |_| training.settings.with(|settings| settings.kind));
    let title = move || format!("The network: {}", kind.get().name());
    view! {
        <details class="settings network">
            <summary><span class="settings__name">{title}</span></summary>
            <p class="note">{move || kind.get().about()}</p>
            {move || known.get().map(|known| view! {
                <Drawing known=known.clone()/>
                <BlockTable known/>
            })}
        </details>
    }
}

fn blocks(outlook: &Outlook, measured: Option<&Measured>) -> Vec<Known> {
    let graph = &outlook.graph;
    // Of another network or size, a measurement says nothing about this one.
    let measured = measured.filter(|measured| measured.is_of(outlook));
    let share = |block: &Block| {
        let measured = measured.filter(|measured| measured.total.ms > 0.0)?;
        let nodes = &graph.nodes[block.nodes.clone()];
        let rows = measured
            .rows
            .iter()
            .filter(|row| nodes.iter().any(|node| node.name == row.name));
        Some(rows.map(|row| row.figures.ms).sum::<f64>() / measured.total.ms)
    };
    let blocks = graph.blocks().into_iter();
    let known = blocks.map(|block| Known {
        bytes: 4 * (block.values * outlook.recipe.batch) as u64,
        share: share(&block),
        block,
    });
    known.collect()
}
