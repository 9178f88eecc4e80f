//! The large picture: canvas, orientation letters, crosshair.

use leptos::prelude::*;

use super::compare::{Captions, Second, VerdictLegend};
use super::edit::Ring;
use super::gestures::Gestures;
use super::picture::Picture;
use super::viewing::{Compare, Port, Viewing};
use crate::nifti::Plane;
use crate::page::{Look, Side, Zoom, letters};
use crate::ui::parts::{ColorBar, LossBar, ProbabilityBar};
use crate::ui::store::{State, Tool};

#[component]
pub fn Stage(
    plane: Signal<Plane>,
    look: Memo<Option<Look>>,
    /// Which labels it shows; else as the comparison wants it.
    #[prop(optional)]
    side: Option<Side>,
    /// Has the room for what explains the picture.
    #[prop(default = true)]
    explains: bool,
) -> impl IntoView {
    let (state, viewing) = (State::get(), Viewing::get());
    let size = RwSignal::new([0, 0]);
    let port = Port { plane, look, size };
    let gestures = Gestures::new(state, viewing, port);
    let zoom = Memo::new(move |_| viewing.zoom(plane.get()).get());
    let compare = Memo::new(move |_| side.map_or_else(|| viewing.compare.get(), |_| Compare::Over));
    // The second picture lies over the first.
    let two = Memo::new(move |_| matches!(compare.get(), Compare::Swipe | Compare::Flicker));
    let first = Memo::new(move |_| match side {
        Some(side) => side,
        None if two.get() => Side::Reference,
        None => Side::Both,
    });
    let draw = move |side: Side| {
        move |canvas, ratio| {
            let zoom = zoom.get();
            look.with(|look| Some(look.as_ref()?.sided(side).scene(canvas, zoom, ratio)))
        }
    };
    let draw_first = move |canvas, ratio| draw(first.get())(canvas, ratio);
    let name = Signal::derive(move || look.with(|look| look.as_ref().map_or(String::new(), describe)));
    let convention = Memo::new(move |_| state.view.layers.with(|layers| layers.convention));
    let letter = move |side: usize, class| {
        view! {
            <span class=format!("stage__letter stage__letter--{class}") aria-hidden="true">
                {move || letters(plane.get(), convention.get())[side]}
            </span>
        }
    };
    let shows =
        move |what: fn(&Look) -> bool| Memo::new(move |_| look.with(|look| look.as_ref().is_some_and(what)));
    let (loss, weight) = (shows(Look::shows_loss), shows(Look::shows_weight));
    let (probability, agreement) = (shows(Look::shows_probability), shows(Look::shows_agreement));
    let explained = move || {
        explains.then(|| {
            view! {
                <Alone state=state/>
                <div class="stage__legends">
                    {move || agreement.get().then(|| view! { <VerdictLegend look/> })}
                    {move || weight.get().then(|| view! { <ColorBar objective=state.objective view=state.view/> })}
                    {move || loss.get().then(|| view! { <LossBar drawn=state.pixels.drawn/> })}
                    {move || probability.get().then(|| view! { <ProbabilityBar data=state.data view=state.view/> })}
                </div>
            }
        })
    };
    view! {
        <div
            class="stage"
            class:stage--draws=move || viewing.pencil.tool.get() != Tool::None
            class:stage--chosen=move || state.view.plane.get() == plane.get()
            role="application"
            tabindex="0"
            aria-label=move || format!(
                "Slice viewer, {}. Arrow keys move the crosshair, Page Up and Page Down change the slice, plus and minus zoom, \
                 Home resets, the question mark lists all keys.", plane_name(plane.get()).to_lowercase()
            )
            on:wheel=move |event| gestures.wheel(&event)
            on:keydown=move |event| gestures.key(&event)
            on:focus=move |_| port.choose(state)
            on:pointerdown=move |event| gestures.down(&event)
            on:pointermove=move |event| gestures.moved(&event)
            on:pointerup=move |event| gestures.up(&event)
            on:pointercancel=move |_| gestures.cancel()
            on:pointerleave=move |_| gestures.leave()
            on:dblclick=move |_| gestures.double_click()
            on:contextmenu=move |event| event.prevent_default()
        >
            <Picture name=name draw=draw_first size=size/>
            {move || two.get().then(|| view! { <Second viewing draw=draw(Side::Prediction)/> })}
            <Captions viewing compare side/>
            {letter(0, "left")}
            {letter(1, "right")}
            {letter(2, "top")}
            {letter(3, "bottom")}
            <Crosshair look=look zoom=zoom size=size/>
            <Ring pencil=viewing.pencil look zoom size/>
            {explained()}
        </div>
    }
}

pub fn plane_name(plane: Plane) -> &'static str {
    match plane {
        Plane::Axial => "Axial",
        Plane::Coronal => "Coronal",
        Plane::Sagittal => "Sagittal",
    }
}

/// What the picture shows, in words.
fn describe(look: &Look) -> String {
    let cut = &look.shown.cut;
    let plane = plane_name(cut.plane);
    let layers = &look.layers;
    let drawn = [
        (look.shows_probability(), "probability of a class"),
        (look.shows_loss(), "loss of each pixel"),
        (look.shows_weight(), "weight map"),
        (layers.labels.shown, "reference labels"),
        (layers.contour.shown, "contour map"),
        (layers.outline.shown, "outline of the reference labels"),
        (look.shows_agreement(), "agreement of prediction and reference"),
        (
            layers.prediction.shown && look.prediction.is_some(),
            "outline of the prediction",
        ),
    ];
    let drawn: Vec<_> = drawn
        .iter()
        .filter(|(shown, _)| *shown)
        .map(|(_, name)| *name)
        .collect();
    let over = if drawn.is_empty() {
        String::new()
    } else {
        format!(" with {}", drawn.join(", "))
    };
    format!("{plane} slice {} of {}{over}", cut.index, cut.study.title)
}

/// Says that only one class's contour is drawn, and ends it.
#[component]
fn Alone(state: State) -> impl IntoView {
    let name = move || {
        let class = usize::from(state.view.selected.get()?);
        state
            .data
            .study
            .with(|study| Some(study.as_ref()?.classes.get(class)?.name.clone()))
    };
    move || {
        name().map(|name| {
            view! {
                <button
                    class="button stage__alone"
                    on:pointerdown=|event| event.stop_propagation()
                    on:click=move |_| state.view.selected.set(None)
                >
                    {format!("Contour of {name} alone ✕")}
                </button>
            }
        })
    }
}

#[component]
fn Crosshair(look: Memo<Option<Look>>, zoom: Memo<Zoom>, size: RwSignal<[u32; 2]>) -> impl IntoView {
    let state = State::get();
    let at = move || {
        let canvas = size.get();
        look.with(|look| {
            let look = look
                .as_ref()
                .filter(|look| look.layers.crosshair && canvas[0] > 0)?;
            let [across, down, _] = look.shown.cut.plane.axes();
            let cursor = state.view.cursor.get();
            let [x, y] = look
                .fit(canvas, zoom.get())
                .canvas([cursor[across], cursor[down]]);
            Some([100.0 * x / canvas[0] as f32, 100.0 * y / canvas[1] as f32])
        })
    };
    move || {
        at().map(|[x, y]| {
            view! {
                <span class="stage__line stage__line--column" style:left=format!("{x:.3}%") aria-hidden="true"></span>
                <span class="stage__line stage__line--row" style:top=format!("{y:.3}%") aria-hidden="true"></span>
            }
        })
    }
}
