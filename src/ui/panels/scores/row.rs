//! One class's score.

use leptos::prelude::*;

use crate::lab::Validation;
use crate::metrics::{Outcome, Overlap};
use crate::page::grouped;
use crate::ui::store::Data;

#[component]
pub fn ScoreRow(data: Data, class: usize, last: Memo<Option<Validation>>) -> impl IntoView {
    let known = data
        .study
        .with_untracked(|study| study.as_ref()?.classes.get(class).cloned());
    let Some(known) = known else {
        return ().into_any();
    };
    let [r, g, b] = known.color;
    let color = format!("rgb({r} {g} {b})");
    let overlap = Memo::new(move |_| {
        last.with(|pass| pass.as_ref()?.overlaps.get(class).copied())
            .unwrap_or_default()
    });
    let outcome = move || overlap.get().outcome();
    let length = move || format!("{:.1}%", 100.0 * outcome().dice().unwrap_or(0.0));
    let text = move || match outcome() {
        Outcome::Absent => "absent".into(),
        Outcome::Missed => "missed, 0".into(),
        Outcome::Dice(dice) => format!("{dice:.4}"),
    };
    let count = move |read: fn(&Overlap) -> u64| move || grouped(read(&overlap.get()) as usize);
    view! {
        <tr class:classes__absent=move || outcome() == Outcome::Absent>
            <th scope="row" class="scores__name">
                <span class="classes__swatch" style:background=color.clone()></span>
                {known.name}
            </th>
            <td>
                <span class="share" aria-hidden="true">
                    <span class="share__bar" style:width=length style:background=color></span>
                </span>
            </td>
            <td class="figure">{text}</td>
            <td class="figure">{count(|overlap| overlap.predicted)}</td>
            <td class="figure">{count(|overlap| overlap.reference)}</td>
            <td class="figure">{count(|overlap| overlap.both)}</td>
        </tr>
    }
    .into_any()
}
