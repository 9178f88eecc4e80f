//! Formulae: LaTeX in, MathML out. The text is ours; nothing that a visitor typed.

use leptos::prelude::*;
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

use crate::page::trim;

/// One or more formulae, each on a line of its own.
#[component]
pub fn Formula(
    /// LaTeX of each line.
    #[prop(into)]
    lines: Signal<Vec<String>>,
) -> impl IntoView {
    let line = |latex: String| view! { <div class="formula__line" inner_html=mathml(&latex)></div> };
    view! { <div class="formula">{move || lines.get().into_iter().map(line).collect_view()}</div> }
}

fn mathml(latex: &str) -> String {
    let storage = Storage::new();
    let config = RenderConfig {
        display_mode: DisplayMode::Block,
        ..RenderConfig::default()
    };
    let mut mathml = String::new();
    // A fault in the LaTeX is drawn in its place; the tests of the page look for it.
    let _ = push_mathml(&mut mathml, Parser::new(latex, &storage), config);
    mathml
}

/// Text in which λ_w is written with a subscript.
pub fn symbols(text: &str) -> impl IntoView + use<> {
    let mut parts = text.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest: Vec<(String, String)> = parts
        .map(|part| {
            let end = part
                .find(|letter: char| !letter.is_alphanumeric())
                .unwrap_or(part.len());
            let (below, after) = part.split_at(end);
            (below.to_owned(), after.to_owned())
        })
        .collect();
    let rest = rest
        .into_iter()
        .map(|(below, after)| view! { <sub>{below}</sub>{after} })
        .collect_view();
    view! { {first}{rest} }
}

/// A number in a formula.
pub fn tex(number: f64) -> String {
    let text = trim(number);
    if text.is_empty() { "?".into() } else { text }
}
