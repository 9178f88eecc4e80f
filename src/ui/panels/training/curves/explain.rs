//! Where the losses come from, with the last batch's numbers filled in.

use leptos::prelude::*;

use crate::loss::{Facts, Params, Terms};
use crate::ui::parts::math::{Formula, tex};
use crate::ui::store::Training;

#[component]
pub fn Explain(training: Training) -> impl IntoView {
    let last = Memo::new(move |_| training.history.with(|history| history.train.last().copied()));
    let loss = Memo::new(move |_| {
        training
            .made
            .with(|made| made.as_ref().map(|made| made.plan.loss.clone()))
    });
    let lines = Signal::derive(move || match (last.get(), loss.get()) {
        (Some((_, terms)), Some(loss)) => filled(&loss, &terms),
        _ => Vec::new(),
    });
    let measured = move || last.get().is_some();
    view! {
        <details class="aside">
            <summary>"Where do these numbers come from?"</summary>
            {move || measured().then(|| view! { <Formula lines/> })}
            <p class="note">
                "Each term is the formula of the loss panel over the batch. A cross-entropy is the mean over all pixels; a \
                 ratio such as the Dice is one minus a soft overlap. They are computed in 32-bit numbers; none has a unit."
            </p>
            <p class="note">
                "Validation: the same terms on the validation slices, which the network never learns from; the mean over \
                 batches of equal size. If it rises while training falls, the network learns its slices by heart."
            </p>
        </details>
    }
}

/// `L = α · pixel + β · region`, and the two parts of the region term, with the last batch's numbers.
fn filled(loss: &Params, terms: &Terms<f64>) -> Vec<String> {
    let definition = loss.definition();
    let facts = Facts::of(2);
    let parts = loss.parts(&facts);
    let sum = |result: f64, [(a, x), (b, y)]: [(f64, f64); 2], names: [&str; 3]| {
        let [name, first, second] = names.map(|name| format!(r"\text{{{name}}}"));
        let [a, x, b, y, result] = [a, x, b, y, result].map(tex);
        format!(r"{name} = {a} \cdot {first} + {b} \cdot {second} = {a} \cdot {x} + {b} \cdot {y} = {result}")
    };
    let [pixel, region, contour, rest] = definition.terms;
    let mut lines = Vec::new();
    // A weight that grows with the steps is not the one of the first.
    let ramped = parts != loss.parts(&Facts { step: 1, ..facts });
    if !pixel.is_empty() && !ramped {
        let weighed = [
            (parts.pixel.alpha, terms.pixel),
            (parts.region.beta, terms.region),
        ];
        lines.push(sum(terms.total, weighed, ["L", pixel, region]));
    }
    if !contour.is_empty() {
        let [on, off] = parts.region.lambda;
        let name = if region.is_empty() { "L" } else { region };
        let weighed = [(on, terms.contour), (off, terms.rest)];
        lines.push(sum(terms.region, weighed, [name, contour, rest]));
    }
    lines
}
