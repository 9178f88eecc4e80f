//! Where the losses come from, with the last batch's numbers filled in.

use leptos::prelude::*;

use crate::loss::{Params, Terms};
use crate::ui::training::Training;
use crate::ui::widgets::Formula;
use crate::ui::widgets::math::{mi, mn, mo, row, sub_text, words};

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
                "Cross-entropy term: over all pixels of the batch, the mean of weight × −log p, where p is the probability \
                 that the softmax gives to the pixel's class in the reference. Dice term: one minus a soft overlap, on the \
                 contour and on the rest. Both are computed on the graphics card in 32-bit numbers; none has a unit."
            </p>
            <p class="note">
                "Validation: the same terms on the validation slices, which the network never learns from; the mean over \
                 batches of equal size. If it rises while training falls, the network learns its slices by heart."
            </p>
        </details>
    }
}

fn filled(loss: &Params, terms: &Terms<f64>) -> Vec<String> {
    let weight = |value: f32| mn(f64::from(value));
    let sum = |name: String, result: f64, [(a, x), (b, y)]: [(f32, f64); 2], parts: [String; 2]| {
        let [first, second] = parts;
        row(&[
            name,
            mo("="),
            weight(a),
            mo("·"),
            first,
            mo("+"),
            weight(b),
            mo("·"),
            second,
            mo("="),
            weight(a),
            mo("·"),
            mn(x),
            mo("+"),
            weight(b),
            mo("·"),
            mn(y),
            mo("="),
            mn(result),
        ])
    };
    vec![
        sum(
            mi("L"),
            terms.total,
            [(loss.alpha, terms.cross_entropy), (loss.beta, terms.dice)],
            [sub_text("L", "CE"), sub_text("L", "SD")],
        ),
        sum(
            sub_text("L", "SD"),
            terms.dice,
            [
                (loss.lambda_contour, terms.dice_contour),
                (loss.lambda_noncontour, terms.dice_noncontour),
            ],
            [words("D(contour)"), words("D(rest)")],
        ),
    ]
}
