//! Which axial slices of the subject on screen train and which validate, as a strip along the patient.

use leptos::prelude::*;

use crate::page::Study;
use crate::train::GAP;
use crate::ui::store::{Data, View};

/// What a slice is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Train,
    Validation,
    /// Validates right beside a slice that trains.
    Leak,
    /// Shows a class, but keeps the two apart.
    Gap,
    /// Shows no class.
    Unused,
}

const PARTS: [(Part, &str, &str); 5] = [
    (Part::Train, "train", "split__part split__part--train"),
    (
        Part::Validation,
        "validate",
        "split__part split__part--validation",
    ),
    (Part::Leak, "validate, but leak", "split__part split__part--leak"),
    (Part::Gap, "gap between the two", "split__part split__part--gap"),
    (Part::Unused, "without a class", "split__part split__part--unused"),
];

/// Neighbouring slices of one part: first, count.
type Run = (Part, usize, usize);

#[component]
pub fn SplitStrip(data: Data, view: View) -> impl IntoView {
    let runs = Memo::new(move |_| {
        let cohort = data.cohort.get();
        let found = data.study.with(|study| {
            let (study, cohort) = (study.as_deref()?, cohort?);
            let own = cohort.subjects.get(study.subject)?;
            Some(runs(study, &own.labelled(&cohort.table.lookup())))
        });
        found.unwrap_or_default()
    });
    // Of several, it shows but one.
    let alone = move || {
        data.cohort.with(|cohort| {
            let cohort = cohort.as_ref().filter(|cohort| cohort.subjects.len() > 1)?;
            let subject = data
                .study
                .with(|study| study.as_ref().map(|study| study.subject))?;
            Some(cohort.subjects.get(subject)?.name.clone())
        })
    };
    let here = Memo::new(move |_| view.cursor.get()[2]);
    let look = |part: Part| {
        PARTS
            .iter()
            .find(|(known, ..)| *known == part)
            .map_or("", |known| known.2)
    };
    let picture = move || {
        let runs = runs.get();
        let all = runs.last().map_or(1, |(_, first, count)| first + count);
        let bar = |(part, first, count): Run| {
            let (left, width) = (
                100.0 * first as f64 / all as f64,
                100.0 * count as f64 / all as f64,
            );
            view! { <span class=look(part) style:left=format!("{left:.3}%") style:width=format!("{width:.3}%")></span> }
        };
        let mark = move || format!("{:.3}%", 100.0 * (here.get() as f64 + 0.5) / all as f64);
        view! {
            {runs.into_iter().map(bar).collect_view()}
            <span class="split__here" style:left=mark></span>
        }
    };
    let words = move || runs.with(|runs| describe(runs));
    let key = move || {
        let runs = runs.get();
        let item = |(part, name, class): (Part, &'static str, &'static str)| {
            let count: usize = runs.iter().filter(|run| run.0 == part).map(|run| run.2).sum();
            (count > 0).then(|| {
                view! { <li><span class=class aria-hidden="true"></span>{format!("{count} {name}")}</li> }
            })
        };
        PARTS.map(item).collect_view()
    };
    view! {
        <figure class="split">
            <div class="split__strip" role="img" aria-label=words>{picture}</div>
            <figcaption>
                {move || alone().map(|name| view! { <p class="note">{format!("Of {name}, the subject on screen:")}</p> })}
                <ul class="split__key" aria-label="Slices by use">{key}</ul>
            </figcaption>
        </figure>
    }
}

fn runs(study: &Study, labelled: &[bool]) -> Vec<Run> {
    let part = |z: usize| {
        if study.split.train.contains(&z) {
            Part::Train
        } else if study.split.validation.contains(&z) {
            let near = |train: &usize| train.abs_diff(z) <= GAP;
            if study.split.train.iter().any(near) {
                Part::Leak
            } else {
                Part::Validation
            }
        } else if labelled.get(z).is_some_and(|shows| *shows) {
            Part::Gap
        } else {
            Part::Unused
        }
    };
    let mut runs: Vec<Run> = Vec::new();
    for z in 0..study.shape[2] {
        let part = part(z);
        match runs.last_mut() {
            Some(run) if run.0 == part => run.2 += 1,
            _ => runs.push((part, z, 1)),
        }
    }
    runs
}

/// Such as "Slices from the feet to the head. Train: 0 to 19, 27 to 46. Validate: 21 to 25."
fn describe(runs: &[Run]) -> String {
    let mut text = String::from("Axial slices from the feet to the head.");
    for (part, name, _) in PARTS {
        let ranges: Vec<String> = runs
            .iter()
            .filter(|run| run.0 == part)
            .map(|(_, first, count)| match count {
                1 => first.to_string(),
                _ => format!("{first} to {}", first + count - 1),
            })
            .collect();
        if !ranges.is_empty() {
            text += &format!(" To {name}: {}.", ranges.join(", "));
        }
    }
    text.replace("To gap between", "Gap between")
        .replace("To without", "Without")
}
