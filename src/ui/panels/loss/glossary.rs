//! Every parameter in a sentence, with its range and where its default comes from.

use leptos::prelude::*;

use crate::loss::{Domain, Kind, Parameter};
use crate::page::trim;
use crate::ui::parts::loss::label;
use crate::ui::parts::math::symbols;

#[component]
pub fn Glossary(kind: Memo<Kind>) -> impl IntoView {
    let list = move || {
        let loss = kind.get().definition();
        view! {
            <dl class="glossary">{loss.parameters.iter().map(entry).collect_view()}</dl>
            <p class="note">{format!("The loss: {}.", loss.source)}</p>
        }
    };
    view! {
        <details class="aside">
            <summary>"What each parameter means"</summary>
            {list}
        </details>
    }
}

fn entry(parameter: &'static Parameter) -> impl IntoView {
    let range = match &parameter.domain {
        Domain::Number {
            low,
            high,
            default,
            unit,
            ..
        } => {
            let unit = if unit.is_empty() { "" } else { unit };
            format!(
                "{} to {} {unit}; by default {}.",
                trim(*low),
                trim(*high),
                trim(*default)
            )
        }
        Domain::Word { options } => {
            let names: Vec<&str> = options.iter().map(|option| option.name).collect();
            format!("{}; by default the first.", names.join(" · "))
        }
        Domain::PerClass => "0 to 10 000 for each class, or nothing.".into(),
    };
    view! {
        <dt>{symbols(&label(parameter))}</dt>
        <dd>{symbols(parameter.about)}" "<span class="muted">{range}" "{parameter.source}</span></dd>
    }
}
