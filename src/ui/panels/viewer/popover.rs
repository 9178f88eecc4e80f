//! Controls that are out of the way until they are asked for.

use leptos::ev;
use leptos::html::{Details, Div, Summary};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, Node, PointerEvent};

/// Pixels between a sheet and its button, and between a sheet and the window's edge.
const GAP: f64 = 8.0;
/// A sheet that has less room than this below its button opens above it.
const ENOUGH: f64 = 320.0;

/// A button that opens a small sheet beside it; of several only one is open. Escape closes it, and so does a click elsewhere.
#[component]
pub fn Popover(
    name: &'static str,
    /// It is used together with the picture: it opens below the controls, covers nothing, and a click elsewhere leaves it open.
    #[prop(optional)]
    stays: bool,
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<Details>::new();
    let summary = NodeRef::<Summary>::new();
    let body = NodeRef::<Div>::new();
    let open = move || details.get_untracked().filter(|details| details.open());
    let contains = move |node: Option<Node>| {
        details
            .get_untracked()
            .is_some_and(|details| details.contains(node.as_ref()))
    };
    let place = move || {
        if let (Some(_), Some(summary), Some(body)) = (
            open().filter(|_| !stays),
            summary.get_untracked(),
            body.get_untracked(),
        ) {
            lay(&summary, &body);
        }
    };
    let keys = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let Some(details) = open().filter(|_| event.key() == "Escape") else {
            return;
        };
        let has_focus = contains(document().active_element().map(Into::into));
        details.set_open(false);
        if let Some(summary) = summary.get_untracked().filter(|_| has_focus) {
            // A button that is on the page takes the focus.
            let _ = summary.focus();
        }
    });
    // Before the page hears of the pointer: the stage keeps it to itself.
    let presses = window_event_listener(ev::pointerdown, move |event: PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        if let Some(details) = open().filter(|_| !stays && !contains(target)) {
            details.set_open(false);
        }
    });
    let resizes = window_event_listener(ev::resize, move |_| place());
    let scrolls = window_event_listener(ev::scroll, move |_| place());
    on_cleanup(move || {
        keys.remove();
        presses.remove();
        resizes.remove();
        scrolls.remove();
    });
    view! {
        <details
            class="popover" class:popover--stays=stays name="viewer-popover" node_ref=details on:toggle=move |_| place()
        >
            <summary node_ref=summary>{name}</summary>
            <div class="popover__body" node_ref=body>{children()}</div>
        </details>
    }
}

/// Lays a sheet beside its button, within the window.
fn lay(summary: &web_sys::HtmlElement, body: &web_sys::HtmlElement) {
    let extent =
        |size: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| size.ok().and_then(|size| size.as_f64());
    let (Some(width), Some(height)) = (extent(window().inner_width()), extent(window().inner_height()))
    else {
        return;
    };
    let button = summary.get_bounding_client_rect();
    let sheet = body.get_bounding_client_rect();
    let left = button.left().min(width - sheet.width() - GAP).max(GAP);
    let [above, below] = [button.top() - 2.0 * GAP, height - button.bottom() - 2.0 * GAP];
    let is_below = below >= ENOUGH.min(f64::from(body.scroll_height())) || below > above;
    let [room, side, at] = if is_below {
        [
            format!("{below:.0}px"),
            "top".into(),
            format!("{:.0}px", button.bottom() + GAP),
        ]
    } else {
        [
            format!("{above:.0}px"),
            "bottom".into(),
            format!("{:.0}px", height - button.top() + GAP),
        ]
    };
    let other = if is_below { "bottom" } else { "top" };
    let style = web_sys::HtmlElement::style(body);
    let all = [
        ("left", format!("{left:.0}px")),
        ("max-height", room),
        (&side, at),
        (other, "auto".into()),
    ];
    for (name, value) in all {
        // Known properties with lengths are taken.
        let _ = style.set_property(name, &value);
    }
}
