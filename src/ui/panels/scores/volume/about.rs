//! What the scores of a volume amount to, and what to bear in mind.

use leptos::prelude::*;

use super::Scored;
use crate::metrics::{Metric, RULE};
use crate::ui::store::Training;

#[component]
pub fn About(scored: Memo<Option<Scored>>, training: Training) -> impl IntoView {
    let read = move |read: fn(&Scored) -> String| {
        move || scored.with(|scored| scored.as_ref().map(read).unwrap_or_default())
    };
    let mean = read(|scored| match scored.summary.mean(Metric::Dice) {
        Some(mean) => format!("{mean:.4}"),
        None => "none".into(),
    });
    let counts = read(|scored| {
        let summary = &scored.summary;
        let all = scored.measured.count;
        if !scored.measured.is_complete() {
            return format!("Measuring: {} of {all} classes", scored.rows.len());
        }
        format!(
            "over {} of {all} classes: {} missed, {} absent",
            summary.scored, summary.missed, summary.absent
        )
    });
    let place = read(|scored| match scored.measured.slice {
        None => format!("Volume after step {}.", scored.measured.of.step),
        Some(slice) => format!("Axial slice {slice} after step {}.", scored.measured.of.step),
    });
    let since = move || {
        let then = scored.with(|scored| scored.as_ref().map(|scored| scored.measured.of.step))?;
        (training.steps_done() > then).then_some(
            "Training has gone on since: predict the volume again for the weights as they are now. ",
        )
    };
    let learnt = read(|scored| {
        let study = &scored.measured.of.study;
        let (train, all) = (&study.split.train, study.shape[2]);
        match scored.measured.slice {
            Some(slice) if train.contains(&slice) => "The network was trained on this slice.".into(),
            Some(_) => "The network was not trained on this slice.".into(),
            None => format!(
                "{} of the {all} slices are training slices, so these scores are better than on a new patient; the table above is of validation slices alone.",
                train.len()
            ),
        }
    });
    view! {
        <p class="scores__mean">
            "Mean Dice "<strong>{mean}</strong>" "
            <span role="status" aria-label="Classes of the volume">{counts}</span>". "
            <span class="muted">{place}</span>
        </p>
        <p class="note">{since}{learnt}</p>
        <p class="note">{RULE}</p>
    }
}
