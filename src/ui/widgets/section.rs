//! A question and its answer, and the links that lead to each.

use leptos::prelude::*;

/// One question of the page.
#[component]
pub fn Section(id: &'static str, question: &'static str, children: Children) -> impl IntoView {
    let heading = move || format!("{id}-question");
    view! {
        <section class="section" id=id aria-labelledby=heading()>
            <h2 id=heading()>{question}</h2>
            {children()}
        </section>
    }
}

const LINKS: [(&str, &str); 7] = [
    ("#classes", "Label"),
    ("#contour", "Contour"),
    ("#loss", "Loss"),
    ("#pixels", "Pixels"),
    ("#data", "Data"),
    ("#training", "Training"),
    ("#scores", "Scores"),
];

#[component]
pub fn SectionLinks() -> impl IntoView {
    let link = |(address, name)| view! { <li><a href=address>{name}</a></li> };
    view! {
        <nav class="links" aria-label="Questions">
            <ol>{LINKS.map(link).collect_view()}</ol>
        </nav>
    }
}
