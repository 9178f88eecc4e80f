//! Where a Dice comes from, with a class's counts filled in.

use leptos::prelude::*;

use crate::lab::Validation;
use crate::metrics::Outcome;
use crate::ui::parts::math::{Formula, tex};
use crate::ui::store::Training;

#[component]
pub fn Explain(training: Training, last: Memo<Option<Validation>>) -> impl IntoView {
    // The class with most pixels in the reference.
    let example = Memo::new(move |_| {
        let overlaps = last.get()?.overlaps;
        let (class, overlap) = overlaps
            .into_iter()
            .enumerate()
            .skip(1)
            .max_by_key(|(_, overlap)| overlap.reference)?;
        let name = training
            .made
            .with(|made| Some(made.as_ref()?.plan.study.classes.get(class)?.name.clone()))?;
        Some((name, overlap))
    });
    let lines = Signal::derive(move || {
        let general =
            r"\text{Dice} = \frac{2\,|\text{both}|}{|\text{predicted}| + |\text{reference}|}".to_owned();
        let filled = example.get().and_then(|(_, overlap)| {
            let Outcome::Dice(dice) = overlap.outcome() else {
                return None;
            };
            let (both, predicted, reference) = (overlap.both, overlap.predicted, overlap.reference);
            let dice = tex(dice);
            Some(format!(
                r"\text{{here}} = \frac{{2 \cdot {both}}}{{{predicted} + {reference}}} = {dice}"
            ))
        });
        [Some(general), filled].into_iter().flatten().collect()
    });
    let which = move || {
        example
            .get()
            .map(|(name, _)| format!("The example is {name}, the class with most reference pixels. "))
    };
    let pooled = move || {
        let made = training.made.get()?;
        let slices = made.plan.cohort.tally().validation.slices;
        let size = made.plan.settings.size;
        Some(format!(
            "Pixels of all {slices} validation slices are counted together on the network's {size} × {size} grid, then one \
             ratio is taken for each class: Dice is pooled, not averaged over slices. The pixel's class is the one with the \
             largest logit."
        ))
    };
    view! {
        <details class="aside">
            <summary>"Where does a Dice come from?"</summary>
            <Formula lines/>
            <p class="note">{which}{pooled}</p>
        </details>
    }
}
