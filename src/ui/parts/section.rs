//! A question and its answer, and the links that lead to each.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::ground::browser;
use crate::ui::store::State;

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

/// Within so many frames what comes into sight has its own size.
const FRAMES: usize = 8;

/// Scrolls to the question that the address names. The browser does too, but what comes into sight on the way is laid out
/// only then, and pushes away what is below it.
async fn lead() {
    let id = window().location().hash().unwrap_or_default();
    let Some(question) = document().get_element_by_id(id.trim_start_matches('#')) else {
        return;
    };
    for _ in 0..FRAMES {
        question.scroll_into_view();
        browser::next_frame().await;
    }
}

#[component]
pub fn SectionLinks() -> impl IntoView {
    let settled = State::get().view.settled;
    Effect::new(move || {
        if settled.get() {
            spawn_local(async {
                // Once before and once behind all that has waited for the picture.
                browser::idle().await;
                browser::idle().await;
                lead().await;
            });
        }
    });
    let changes = window_event_listener(ev::hashchange, |_| spawn_local(lead()));
    on_cleanup(move || changes.remove());
    let link = |(address, name)| view! { <li><a href=address>{name}</a></li> };
    view! {
        <nav class="links" aria-label="Questions">
            <ol>{LINKS.map(link).collect_view()}</ol>
        </nav>
    }
}
