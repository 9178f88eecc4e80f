//! Formulae in MathML, built from text: numbers and names of ours, nothing that a visitor typed.

use leptos::prelude::*;

/// One or more formulae, each on a line of its own.
#[component]
pub fn Formula(
    /// MathML of each line, without the `math` element.
    #[prop(into)]
    lines: Signal<Vec<String>>,
) -> impl IntoView {
    let line = |body: String| {
        view! { <div inner_html=format!("<math display=\"block\">{body}</math>")></div> }
    };
    view! { <div class="formula">{move || lines.get().into_iter().map(line).collect_view()}</div> }
}

/// A name.
pub fn mi(name: &str) -> String {
    format!("<mi>{name}</mi>")
}

/// A number.
pub fn mn(number: f64) -> String {
    let text = super::number::trim(number);
    format!(
        "<mn>{}</mn>",
        if text.is_empty() {
            "?".into()
        } else {
            text.replace('-', "−")
        }
    )
}

/// An operator or bracket.
pub fn mo(sign: &str) -> String {
    // Brackets around one symbol look odd when they grow with what is next to them.
    format!("<mo stretchy=\"false\">{sign}</mo>")
}

/// A thin space.
pub fn space() -> String {
    "<mspace width=\"0.17em\"></mspace>".into()
}

/// Words in a formula.
pub fn words(text: &str) -> String {
    // Spaces at the ends would be dropped.
    format!("<mtext>{}</mtext>", text.replace(' ', "\u{a0}"))
}

/// A name with an index.
pub fn sub(name: &str, index: &str) -> String {
    format!("<msub><mi>{name}</mi><mi>{index}</mi></msub>")
}

/// A name with an index of more than one letter, upright.
pub fn sub_text(name: &str, index: &str) -> String {
    format!("<msub><mi>{name}</mi><mtext>{index}</mtext></msub>")
}

/// Parts in a row.
pub fn row(parts: &[String]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

/// `name(argument)`
pub fn call(name: &str, argument: &str) -> String {
    format!(
        "<mi>{name}</mi><mo>&#x2061;</mo><mo stretchy=\"false\">(</mo>{argument}<mo stretchy=\"false\">)</mo>"
    )
}
