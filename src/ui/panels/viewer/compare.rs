//! Prediction against reference on a stage: the second picture with its divider, captions, and what verdicts mean.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, PointerEvent};

use super::deeds::DIVIDER_STEP;
use super::picture::Picture;
use super::viewing::{Compare, Viewing};
use crate::page::{Look, Side, grouped};
use crate::view::{Scene, VERDICTS};

/// Slower than three flashes a second, which may do harm (WCAG 2.3.1), and fast enough to see what jumps.
const FLICKER: Duration = Duration::from_millis(700);

/// The prediction over the reference: to the right of the divider, or every other moment.
#[component]
pub fn Second(
    viewing: Viewing,
    draw: impl Fn([u32; 2], f32) -> Option<Scene> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let swipes = Memo::new(move |_| viewing.compare.get() == Compare::Swipe);
    let shape = move || {
        if swipes.get() {
            format!("inset(0 0 0 {:.2}%)", viewing.divider.get())
        } else {
            "none".into()
        }
    };
    let hidden = move || !swipes.get() && !viewing.flipped.get();
    Effect::new(move || {
        let flip = move || {
            let _ = viewing.flipped.try_update(|flipped| *flipped = !*flipped);
        };
        if !swipes.get()
            && viewing.alternates.get()
            && let Ok(timer) = set_interval_with_handle(flip, FLICKER)
        {
            on_cleanup(move || timer.clear());
        }
    });
    view! {
        <div class="stage__second" class:stage__second--hidden=hidden style:clip-path=shape>
            <Picture name=Signal::stored("The same place with the prediction as labels".to_owned()) draw=draw/>
        </div>
        {move || swipes.get().then(|| view! { <Divider viewing/> })}
    }
}

#[component]
fn Divider(viewing: Viewing) -> impl IntoView {
    let set = move |percent: f64| viewing.divider.set(percent.clamp(0.0, 100.0));
    let drag = move |event: PointerEvent| {
        event.stop_propagation();
        let handle = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(handle) = handle else { return };
        if event.type_() == "pointerdown" {
            // Without capture the drag ends beside the handle, which does no harm.
            let _ = handle.set_pointer_capture(event.pointer_id());
        } else if event.buttons() == 0 {
            return;
        }
        if let Some(stage) = handle.parent_element() {
            let frame = stage.get_bounding_client_rect();
            set(100.0 * (f64::from(event.client_x()) - frame.left()) / frame.width().max(1.0));
        }
    };
    let key = move |event: KeyboardEvent| {
        let now = viewing.divider.get_untracked();
        let wanted = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now - DIVIDER_STEP,
            "ArrowRight" | "ArrowUp" => now + DIVIDER_STEP,
            "PageDown" => now - 5.0 * DIVIDER_STEP,
            "PageUp" => now + 5.0 * DIVIDER_STEP,
            "Home" => 0.0,
            "End" => 100.0,
            _ => return,
        };
        // The stage would move its crosshair.
        event.stop_propagation();
        event.prevent_default();
        set(wanted);
    };
    view! {
        <div
            class="divider" role="slider" tabindex="0" aria-label="Divider between reference and prediction"
            aria-valuemin="0" aria-valuemax="100" aria-valuenow=move || format!("{:.0}", viewing.divider.get())
            aria-valuetext=move || format!("{:.0} % reference, the rest prediction", viewing.divider.get())
            style:left=move || format!("{:.2}%", viewing.divider.get())
            on:pointerdown=drag on:pointermove=drag on:keydown=key
            on:dblclick=move |event| { event.stop_propagation(); set(50.0) }
        ><span class="divider__grip" aria-hidden="true">"⇔"</span></div>
    }
}

/// Which side is which.
#[component]
pub fn Captions(viewing: Viewing, compare: Memo<Compare>, side: Option<Side>) -> impl IntoView {
    let caption = |class: &'static str, text: &'static str| {
        view! { <span class=format!("stage__caption stage__caption--{class}")>{text}</span> }
    };
    move || {
        let texts = match (side, compare.get()) {
            (Some(Side::Reference), _) => ["Reference", ""],
            (Some(Side::Prediction), _) => ["Prediction", ""],
            (_, Compare::Swipe) => ["Reference", "Prediction"],
            (_, Compare::Flicker) if viewing.flipped.get() => ["", "Prediction"],
            (_, Compare::Flicker) => ["Reference", ""],
            _ => ["", ""],
        };
        let shown = |text: &&str| !text.is_empty();
        let [left, right] = texts.map(|text| Some(text).filter(shown));
        view! {
            {left.map(|text| caption("left", text))}
            {right.map(|text| caption("right", text))}
        }
    }
}

/// What colours and patterns of the agreement mean, and how many pixels of the slice each has.
#[component]
pub fn VerdictLegend(look: Memo<Option<Look>>) -> impl IntoView {
    let counts = Memo::new(move |_| look.with(|look| look.as_ref().and_then(Look::verdicts)));
    let item = move |(i, (name, [r, g, b])): (usize, (&'static str, [u8; 3]))| {
        let count = move || counts.get().map_or("–".into(), |counts| grouped(counts[i]));
        view! {
            <li>
                <span
                    class=format!("verdict verdict--{i}") style:--verdict=format!("rgb({r} {g} {b})") aria-hidden="true"
                ></span>
                <span>{name}</span>
                <span class="figure">{count}</span>
            </li>
        }
    };
    let title = "Pixels of this slice, of the classes that are drawn or of the one that is chosen. True positive: \
                 prediction and reference say the same class. False positive: only the prediction says one. False \
                 negative: only the reference. Another class: both say one, and not the same.";
    view! {
        <div class="verdicts" role="group" aria-label="Agreement of prediction and reference" title=title>
            <span class="bar__title">"Prediction against reference, pixels"</span>
            <ul>{VERDICTS.into_iter().enumerate().map(item).collect_view()}</ul>
        </div>
    }
}
