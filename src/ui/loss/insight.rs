//! What the numbers mean for the study on screen.

use leptos::prelude::*;

use crate::contour::{Choice, Operator};
use crate::loss::{Params, Union};
use crate::ui::State;

/// How many pixels are contour, and how much of the weight they carry.
#[component]
pub fn WeightShare(state: State) -> impl IntoView {
    let text = move || {
        let extents = state.maps.extents.get();
        if !extents.is_complete() {
            return String::new();
        }
        let ((off, on), union) = state.loss.with(|loss| (loss.pixel_weights(), loss.union));
        let pixels: usize = extents.classes.iter().map(|class| class.pixels).sum();
        let contour = extents.union[usize::from(union == Union::Foreground)] as f64;
        let heavy = contour * f64::from(on);
        let light = (pixels as f64 - contour) * f64::from(off);
        if pixels == 0 || heavy + light <= 0.0 {
            return String::new();
        }
        format!(
            "In this study {:.1} % of all pixels are contour and carry {:.1} % of the weight.",
            100.0 * contour / pixels as f64,
            100.0 * heavy / (heavy + light),
        )
    };
    view! { <p aria-live="polite">{text}</p> }
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
    let off = move || loss.with(|loss| loss.lambda_contour == 0.0 || loss.beta == 0.0);
    view! {
        <details class="aside" open=true>
            <summary>"What D(contour) cannot see"</summary>
            <p class="note">{text}</p>
            {move || off().then(|| view! { <p class="note">"Its weight is 0 now, so it plays no part."</p> })}
        </details>
    }
}
