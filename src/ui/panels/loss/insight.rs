//! What the numbers mean for the study on screen.

use leptos::prelude::*;

use crate::contour::{Choice, Operator, Weighting};
use crate::loss::{Facts, Params};
use crate::page::trim;
use crate::ui::store::{Maps, Objective};

/// How many pixels are contour, and how much of the weight they carry.
#[component]
pub fn WeightShare(maps: Maps, objective: Objective) -> impl IntoView {
    let text = move || {
        let extents = maps.extents.get();
        let Weighting::Contour {
            base,
            lambda,
            classes,
        } = objective.loss.with(Params::weighting::<f64>)
        else {
            return String::new();
        };
        if !extents.is_complete() {
            return String::new();
        }
        let pixels: usize = extents.classes.iter().map(|class| class.pixels).sum();
        let contour = extents.union[usize::from(classes & 1 == 0)] as f64;
        let heavy = contour * (base + lambda);
        let light = (pixels as f64 - contour) * base;
        if pixels == 0 || heavy + light <= 0.0 {
            return String::new();
        }
        format!(
            "A pixel weighs {} off the contour and {} on it. In this study {:.1} % of all pixels are contour and carry {:.1} % of the weight.",
            trim(base),
            trim(base + lambda),
            100.0 * contour / pixels as f64,
            100.0 * heavy / (heavy + light),
        )
    };
    view! { <p class="note" aria-live="polite">{text}</p> }
}

/// What the contour term of the Dice cannot see.
#[component]
pub fn BlindSpot(#[prop(into)] contour: Signal<Choice>, #[prop(into)] loss: Signal<Params>) -> impl IntoView {
    let text = move || match contour.get().operator {
        Operator::Erode => {
            "The inner contour lies within its class, so g is 1 on all of it. D(contour) sees only whether these pixels \
             are found: a false positive outside the class cannot raise it, and its gradient is the same at every \
             contour pixel. False positives are left to D(rest) and to the cross-entropy."
        }
        Operator::Dilate => {
            "The outer contour lies outside its class, so g is 0 on all of it. D(contour) sees only false positives \
             there; with Σ p g = 0 the ratio rests on ε alone."
        }
        Operator::Gradient => {
            "Inner and outer contour together hold pixels with g = 1 and with g = 0, so D(contour) sees misses and false \
             positives alike."
        }
    };
    let off = move || {
        let region = loss.with(|loss| loss.parts(&Facts::of(2)).region);
        region.lambda[0] == 0.0 || region.beta == 0.0
    };
    view! {
        <details class="aside" open=true>
            <summary>"What D(contour) cannot see"</summary>
            <p class="note">{text}</p>
            {move || off().then(|| view! { <p class="note">"Its weight is 0 now, so it plays no part."</p> })}
        </details>
    }
}
