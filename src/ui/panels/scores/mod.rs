//! How good is it?

mod explain;
mod row;
mod volume;

use leptos::prelude::*;

use crate::lab::Validation;
use crate::lab::label_source;
use crate::metrics::mean_dice;
use crate::ui::store::{State, Training};
use explain::Explain;
use row::ScoreRow;
use volume::VolumeScores;

#[component]
pub fn ScorePanel() -> impl IntoView {
    let (state, training) = (State::get(), Training::get());
    let last = Memo::new(move |_| {
        training
            .history
            .with(|history| history.validation.last().cloned())
    });
    let best = Memo::new(move |_| {
        training.history.with(|history| {
            let means = history
                .validation
                .iter()
                .filter_map(|pass| Some((pass.step, mean_dice(&pass.overlaps)?)));
            // The first of equals.
            means.fold(None, |best: Option<(u64, f64)>, now| match best {
                Some(best) if best.1 >= now.1 => Some(best),
                _ => Some(now),
            })
        })
    });
    let source = move || {
        let sample = state
            .data
            .study
            .with(|study| study.as_ref().map(|study| study.sample.clone()));
        sample.and_then(|sample| label_source(sample.as_deref()))
    };
    let measured = Memo::new(move |_| last.with(Option::is_some));
    view! {
        <p>
            "Dice compares the prediction with the reference labels on the validation slices: 1 is the same, 0 is nothing \
             in common. "{source}
        </p>
        {move || if measured.get() {
            view! { <Scores state last best/> }.into_any()
        } else {
            let text = if training.made.with(|made| made.as_ref().is_some_and(|made| made.plan.cohort.split().validation.is_empty())) {
                "This study has no validation slices, so nothing can be scored: too few slices show a class."
            } else {
                "Nothing is measured yet. Run or Step first scores the weights that the run starts from."
            };
            view! { <p class="muted" aria-label="Scores" role="note">{text}</p> }.into_any()
        }}
        <Explain training last/>
        <VolumeScores state training/>
    }
}

#[component]
fn Scores(state: State, last: Memo<Option<Validation>>, best: Memo<Option<(u64, f64)>>) -> impl IntoView {
    let mean = move || {
        let mean = last.with(|pass| pass.as_ref().and_then(|pass| mean_dice(&pass.overlaps)));
        mean.map_or_else(|| "none".into(), |mean| format!("{mean:.4}"))
    };
    let step = move || last.with(|pass| pass.as_ref().map_or(0, |pass| pass.step));
    let record = move || {
        best.get()
            .map(|(step, mean)| format!("Best so far: {mean:.4} after step {step}."))
    };
    let rows = move || {
        let study = state.data.study.get()?;
        let row = |class| view! { <ScoreRow data=state.data class last/> };
        Some((1..study.classes.len()).map(row).collect_view())
    };
    view! {
        <p class="scores__mean">
            "Mean Dice "<strong>{mean}</strong>" after step "{step}". "<span class="muted">{record}</span>
        </p>
        <div class="sideways" tabindex="0" role="group" aria-label="Dice by class, scrolls sideways">
            <table class="classes scores" aria-label="Dice by class">
                <thead>
                    <tr>
                        <th scope="col">"Class"</th>
                        <th scope="col" aria-hidden="true">"0 to 1"</th>
                        <th scope="col" class="figure">"Dice"</th>
                        <th scope="col" class="figure">"Predicted"</th>
                        <th scope="col" class="figure">"Reference"</th>
                        <th scope="col" class="figure">"Both"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="note">
            "Pixels are counted. A class that is neither predicted nor in the reference is absent and left out of the mean. \
             One that only one of the two has is missed and counts as 0."
        </p>
    }
}
