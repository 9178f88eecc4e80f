//! In what the visitor's weights differ from the network that they were chosen for.

use leptos::prelude::*;

use crate::net::Difference;
use crate::page::Plan;
use crate::plan::Start;
use crate::ui::store::Training;

#[component]
pub fn DifferenceTable(training: Training) -> impl IntoView {
    let found = Memo::new(move |_| training.plan.with(|plan| plan.as_ref().map(Plan::differences)));
    let name = move || {
        training
            .settings
            .with_untracked(|settings| match &settings.start {
                Start::File { name, .. } => name.clone(),
                _ => String::new(),
            })
    };
    move || match found.get() {
        Some(Err(fault)) => Some(view! { <p class="problem" role="alert">{fault}</p> }.into_any()),
        Some(Ok(differences)) if !differences.is_empty() => Some(table(&name(), &differences).into_any()),
        _ => None,
    }
}

fn table(name: &str, differences: &[Difference]) -> impl IntoView + use<> {
    let count = match differences.len() {
        1 => "1 tensor differs".to_owned(),
        count => format!("{count} tensors differ"),
    };
    let said = format!("{name} does not fit this network: {count}.");
    let row = |difference: &Difference| {
        view! {
            <tr>
                <th scope="row"><code>{difference.name.clone()}</code></th>
                <td>{difference.kind()}</td>
                <td class="figure">{difference.found_text()}</td>
                <td class="figure">{difference.expected_text()}</td>
            </tr>
        }
    };
    view! {
        <p class="problem" role="alert">{said}</p>
        <div class="differences" tabindex="0" role="region" aria-label="Differences of the weights, scrolls">
            <table class="terms" aria-label="Differences of the weights">
                <thead>
                    <tr>
                        <th scope="col">"Tensor"</th>
                        <th scope="col">"Fault"</th>
                        <th scope="col" class="figure">"The file has"</th>
                        <th scope="col" class="figure">"The network expects"</th>
                    </tr>
                </thead>
                <tbody>{differences.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="note">
            "Names are those of a PyTorch state_dict. Choose the network, width and depth that the file was trained with, and a \
             study of as many classes; or start from other weights."
        </p>
    }
}
