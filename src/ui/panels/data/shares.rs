//! What drawing slices by class does to the share of each class.

use leptos::prelude::*;

use crate::page::figure;
use crate::plan::BY_CLASS;
use crate::train::class_shares;
use crate::ui::parts::Segmented;
use crate::ui::store::{Data, Training};

#[component]
pub fn Shares(data: Data, training: Training) -> impl IntoView {
    let counted = Memo::new(move |_| {
        data.cohort.with(|cohort| {
            let cohort = cohort.as_ref()?;
            let names: Vec<String> = cohort
                .table
                .classes()
                .iter()
                .map(|row| row.name.clone())
                .collect();
            Some((names, cohort.counts()))
        })
    });
    let by_class = Memo::new(move |_| training.settings.with(|settings| settings.augmentation.by_class));
    let in_patches = Memo::new(move |_| training.settings.with(|settings| settings.patch.is_some()));
    let set = move |share| {
        training
            .settings
            .update(|settings| settings.augmentation.by_class = share);
    };
    let percent = |share: Option<&f64>| {
        share.map_or_else(|| "–".to_owned(), |share| format!("{} %", figure(100.0 * share)))
    };
    let rows = move || {
        let (names, counts) = counted.get()?;
        // What a choice would do is shown before it is made.
        let share = if by_class.get() > 0.0 { by_class.get() } else { 1.0 };
        let [plain, by_class] = class_shares(&counts, share);
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
        <Segmented name="Slices drawn by class" options=BY_CLASS.to_vec() value=by_class set/>
        <details class="aside">
            <summary>"What that does to the classes' shares"</summary>
            <p class="note">
                "Share of all training pixels in the long run. By class: of all slices of a batch, or of half of them, a class is \
                 drawn first, all alike, then one of the slices that show it; a slice brings its other classes along, so that \
                 shares shift but do not become equal."
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
