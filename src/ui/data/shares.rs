//! What drawing slices by class does to the share of each class.

use leptos::prelude::*;

use crate::train::class_shares;
use crate::ui::State;
use crate::ui::training::Training;
use crate::ui::widgets::figure;

#[component]
pub fn Shares(state: State, training: Training) -> impl IntoView {
    let shares = Memo::new(move |_| {
        state.cohort.with(|cohort| {
            let cohort = cohort.as_ref()?;
            let names: Vec<String> = cohort
                .table
                .classes()
                .iter()
                .map(|row| row.name.clone())
                .collect();
            Some((names, class_shares(&cohort.counts())))
        })
    });
    let balanced = Memo::new(move |_| {
        training
            .settings
            .with(|settings| settings.augmentation.class_balanced)
    });
    let in_patches = Memo::new(move |_| training.settings.with(|settings| settings.patch.is_some()));
    let set = move |event| {
        let balanced = event_target_checked(&event);
        training
            .settings
            .update(|settings| settings.augmentation.class_balanced = balanced);
    };
    let percent = |share: Option<&f64>| {
        share.map_or_else(|| "–".to_owned(), |share| format!("{} %", figure(100.0 * share)))
    };
    let rows = move || {
        let (names, [plain, by_class]) = shares.get()?;
        let row = |(class, name): (usize, String)| {
            let (before, after) = (plain.get(class).copied(), by_class.get(class).copied());
            let factor = match (before, after) {
                (Some(before), Some(after)) if before > 0.0 => format!("× {}", figure(after / before)),
                _ => "–".to_owned(),
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="figure">{percent(before.as_ref())}</td>
                    <td class="figure">{percent(after.as_ref())}</td>
                    <td class="figure">{factor}</td>
                </tr>
            }
        };
        Some(names.into_iter().enumerate().map(row).collect_view())
    };
    view! {
        <h3>"Which slices come how often"</h3>
        <label class="toggle">
            <input type="checkbox" prop:checked=balanced on:change=set/>
            <span>"Draw slices by class: every class comes up alike"</span>
        </label>
        <details class="aside">
            <summary>"What that does to the classes' shares"</summary>
            <p class="note">
                "Share of all training pixels in the long run. By class: a class is drawn, all alike, then one of the slices \
                 that show it; a slice brings its other classes along, so that shares shift but do not become equal."
                {move || in_patches.get().then_some(
                    " These are the shares of whole slices: a window put around a pixel of its class shows more of that class."
                )}
            </p>
            <table class="plain" aria-label="Shares by sampling">
                <thead>
                    <tr>
                        <th scope="col">"Class"</th>
                        <th scope="col" class="figure">"All slices alike"</th>
                        <th scope="col" class="figure">"By class"</th>
                        <th scope="col" class="figure">"Change"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}
