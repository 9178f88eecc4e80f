//! The numbers behind the curves, for whoever cannot see them or wants to compare digits.

use leptos::prelude::*;

use crate::lab::History;
use crate::loss::Terms;

/// Rows of each part: the last ones, since a run may have thousands.
const ROWS: usize = 30;

/// Every digit that the graphics card computed with, and no more.
pub fn digits(value: f64) -> String {
    (value as f32).to_string()
}

#[component]
pub fn LossRecords(history: RwSignal<History>) -> impl IntoView {
    let open = RwSignal::new(false);
    let rows = move || {
        history.with(|history| {
            let train = history
                .train
                .iter()
                .rev()
                .take(ROWS)
                .map(|(step, terms)| row("Training", *step, terms));
            let validation = history
                .validation
                .iter()
                .rev()
                .take(ROWS)
                .map(|pass| row("Validation", pass.step, &pass.terms));
            (validation.collect_view(), train.collect_view())
        })
    };
    let table = move || {
        view! {
            <div class="records">
                <table class="terms" aria-label="Loss of each step">
                    <thead>
                        <tr>
                            <th scope="col">"Slices"</th>
                            <th scope="col" class="figure">"Step"</th>
                            <th scope="col" class="figure">"Total"</th>
                            <th scope="col" class="figure">"Pixel term"</th>
                            <th scope="col" class="figure">"Region term"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    };
    view! {
        <details class="aside" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>{format!("Numbers behind the loss curves (the last {ROWS} of each kind)")}</summary>
            {move || open.get().then(table)}
        </details>
    }
}

fn row(kind: &'static str, step: u64, terms: &Terms<f64>) -> impl IntoView + use<> {
    view! {
        <tr>
            <td>{kind}</td>
            <td class="figure">{step}</td>
            <td class="figure">{digits(terms.total)}</td>
            <td class="figure">{digits(terms.pixel)}</td>
            <td class="figure">{digits(terms.region)}</td>
        </tr>
    }
}
