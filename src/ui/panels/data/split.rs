//! Who trains and who validates, and whether one can tell the other's answer.

use std::sync::Arc;

use leptos::prelude::*;

use crate::lab::Cohort;
use crate::lab::cohort::Tally;
use crate::page::counted;
use crate::train::{Part, SplitBy, gap};
use crate::ui::parts::Segmented;
use crate::ui::services::opening::{choose, edit};
use crate::ui::store::State;

const PARTS: [(Part, &str, &str); 3] = [
    (Part::Train, "train", "Trains"),
    (Part::Validation, "validation", "Validates"),
    (Part::Unused, "unused", "Not used"),
];

/// What of a cohort the split depends on, and is shown of it.
#[derive(Clone, PartialEq)]
struct Seen {
    by: SplitBy,
    context: usize,
    rows: Vec<Row>,
    tally: Tally,
    leaks: usize,
}

#[derive(Clone, PartialEq)]
struct Row {
    name: String,
    part: Part,
    slices: usize,
    train: usize,
    validation: usize,
}

fn seen(cohort: &Arc<Cohort>) -> Seen {
    let row = |subject: usize| {
        let split = cohort.split_of(subject).0;
        Row {
            name: cohort.subjects[subject].name.clone(),
            part: cohort.parts[subject],
            slices: cohort.subjects[subject].shape()[2],
            train: split.train.len(),
            validation: split.validation.len(),
        }
    };
    Seen {
        by: cohort.by,
        context: cohort.context,
        rows: (0..cohort.subjects.len()).map(row).collect(),
        tally: cohort.tally(),
        leaks: cohort.leaks(),
    }
}

#[component]
pub fn SplitControls(state: State) -> impl IntoView {
    let seen = Memo::new(move |_| state.data.cohort.with(|cohort| cohort.as_ref().map(seen)));
    let several = Memo::new(move |_| seen.with(|seen| seen.as_ref().is_some_and(|seen| seen.rows.len() > 1)));
    let by = Signal::derive(move || seen.with(|seen| seen.as_ref().map_or(SplitBy::Slab, |seen| seen.by)));
    let set_by = move |by| edit(state, |cohort| cohort.by = by);
    let words = move || {
        let seen = seen.get()?;
        let Tally {
            train, validation, ..
        } = seen.tally;
        let how = match seen.by {
            SplitBy::Subject => {
                "A subject does one or the other: what validates is new to the network.".to_owned()
            }
            SplitBy::Slab => format!(
                "Slabs of neighbouring slices validate, with a gap of {} on either side that nobody uses. It is the same \
                 patient all the same: a new one will fare worse.",
                counted(gap(seen.context), "slice")
            ),
            SplitBy::Scattered => "Every fifth slice validates, right beside slices that train.".to_owned(),
        };
        Some(format!(
            "{} train, {} validate. {how}",
            counted(train.slices, "slice"),
            counted(validation.slices, "slice")
        ))
    };
    let leak = move || {
        let leaks = seen.with(|seen| seen.as_ref().map_or(0, |seen| seen.leaks));
        (leaks > 0).then(|| {
            view! {
                <p class="problem" role="alert">
                    {format!(
                        "This split leaks: {} next to a training slice of the same subject, which looks nearly the same. \
                         Scores will be better than they would be on new slices.",
                        if leaks == 1 { "1 validation slice lies".to_owned() } else { format!("{leaks} validation slices lie") }
                    )}
                </p>
            }
        })
    };
    let options = move || {
        let mut options = vec![
            (SplitBy::Slab, "By slab, with a gap"),
            (SplitBy::Scattered, "Scattered (leaks)"),
        ];
        if several.get() {
            options.insert(0, (SplitBy::Subject, "By subject"));
        }
        options
    };
    view! {
        <h3>"Who trains, who validates"</h3>
        {move || view! { <Segmented name="Split" options=options() value=by set=set_by/> }}
        <p class="note" aria-label="Split in words" role="note">{words}</p>
        {leak}
        {move || several.get().then(|| view! { <Subjects state seen/> })}
    }
}

#[component]
fn Subjects(state: State, seen: Memo<Option<Seen>>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        state
            .data
            .study
            .with(|study| study.as_ref().map(|study| study.subject))
    });
    let names = Memo::new(move |_| {
        seen.with(|seen| {
            let rows = seen.iter().flat_map(|seen| &seen.rows);
            rows.map(|row| row.name.clone()).collect::<Vec<_>>()
        })
    });
    let row = move |(subject, name): (usize, String)| {
        let now = Memo::new(move |_| seen.with(|seen| seen.as_ref()?.rows.get(subject).cloned()));
        let figure = move |read: fn(&Row) -> usize| move || now.with(|row| row.as_ref().map_or(0, read));
        let part = Memo::new(move |_| now.with(|row| row.as_ref().map_or(Part::Unused, |row| row.part)));
        let set = move |event| {
            let word = event_target_value(&event);
            if let Some((part, ..)) = PARTS.iter().find(|(_, known, _)| *known == word) {
                edit(state, |cohort| cohort.parts[subject] = *part);
            }
        };
        let option = move |(this, word, text): (Part, &'static str, &'static str)| {
            view! { <option value=word prop:selected=move || part.get() == this>{text}</option> }
        };
        let look = move |_| {
            let channel = state
                .data
                .study
                .with_untracked(|study| study.as_ref().map_or(0, |study| study.channel));
            choose(state, subject, channel);
        };
        view! {
            <tr>
                <td>
                    <button class="link" aria-pressed=move || (shown.get() == Some(subject)).to_string() on:click=look>
                        {name.clone()}
                    </button>
                </td>
                <td>
                    <select aria-label=format!("{name} is there to") on:change=set>{PARTS.map(option).collect_view()}</select>
                </td>
                <td class="figure">{figure(|row| row.slices)}</td>
                <td class="figure">{figure(|row| row.train)}</td>
                <td class="figure">{figure(|row| row.validation)}</td>
                <td>
                    <button
                        class="button" aria-label=format!("Validate only on {name}")
                        on:click=move |_| edit(state, |cohort| cohort.leave_one_out(subject))
                    >"Validate only on"</button>
                </td>
            </tr>
        }
    };
    view! {
        <div class="data__scroll">
            <table class="plain" aria-label="Subjects">
                <thead>
                    <tr>
                        <th scope="col">"Subject"</th>
                        <th scope="col">"Use"</th>
                        <th scope="col" class="figure">"Slices"</th>
                        <th scope="col" class="figure">"Train"</th>
                        <th scope="col" class="figure">"Validate"</th>
                        <th scope="col">"Cross-validation"</th>
                    </tr>
                </thead>
                <tbody>{move || names.get().into_iter().enumerate().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="note">
            "Only slices that show a class are used. Validate on each subject alone in turn and average the scores: that is leave-one-out \
             cross-validation."
        </p>
    }
}
