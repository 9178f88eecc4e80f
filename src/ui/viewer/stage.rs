//! The large picture: canvas, orientation letters, crosshair.

use leptos::prelude::*;

use super::gestures::Gestures;
use super::orientation::letters;
use super::picture::Picture;
use super::scene::{Look, Zoom};
use super::{ColorBar, LossBar};
use crate::nifti::Plane;
use crate::ui::State;

#[component]
pub fn Stage(look: Memo<Option<Look>>, zoom: RwSignal<Zoom>) -> impl IntoView {
    let state = State::get();
    let size = RwSignal::new([0, 0]);
    let gestures = Gestures::new(state, look, zoom, size);
    let draw = move |canvas, ratio| {
        let zoom = zoom.get();
        look.with(|look| look.as_ref().map(|look| look.scene(canvas, zoom, ratio)))
    };
    let name = Signal::derive(move || look.with(|look| look.as_ref().map_or(String::new(), describe)));
    let convention = Memo::new(move |_| state.layers.with(|layers| layers.convention));
    let letter = move |side: usize, class| {
        view! {
            <span class=format!("stage__letter stage__letter--{class}") aria-hidden="true">
                {move || letters(state.plane.get(), convention.get())[side]}
            </span>
        }
    };
    let loss_shown = Memo::new(move |_| look.with(|look| look.as_ref().is_some_and(Look::shows_loss)));
    let weight_shown =
        Memo::new(move |_| state.layers.with(|layers| layers.weight.shown) && !loss_shown.get());
    view! {
        <div
            class="stage"
            role="application"
            tabindex="0"
            aria-label="Slice viewer. Arrow keys move the crosshair, Page Up and Page Down change the slice, plus and minus zoom, Home resets."
            on:wheel=move |event| gestures.wheel(&event)
            on:keydown=move |event| gestures.key(&event)
            on:pointerdown=move |event| gestures.down(&event)
            on:pointermove=move |event| gestures.moved(&event)
            on:pointerup=move |_| gestures.up()
            on:pointercancel=move |_| gestures.up()
            on:pointerleave=move |_| gestures.leave()
            on:dblclick=move |_| zoom.set(Zoom::default())
            on:contextmenu=move |event| event.prevent_default()
        >
            <Picture name=name draw=draw size=size/>
            {letter(0, "left")}
            {letter(1, "right")}
            {letter(2, "top")}
            {letter(3, "bottom")}
            <Alone state=state/>
            <Crosshair look=look zoom=zoom size=size/>
            {move || weight_shown.get().then(|| view! { <ColorBar state=state/> })}
            {move || loss_shown.get().then(|| view! { <LossBar drawn=state.pixels.drawn/> })}
        </div>
    }
}

/// What the picture shows, in words.
fn describe(look: &Look) -> String {
    let cut = &look.shown.cut;
    let plane = match cut.plane {
        Plane::Axial => "Axial",
        Plane::Coronal => "Coronal",
        Plane::Sagittal => "Sagittal",
    };
    let layers = &look.layers;
    let drawn = [
        (look.shows_loss(), "loss of each pixel"),
        (layers.weight.shown && !look.shows_loss(), "weight map"),
        (layers.labels.shown, "reference labels"),
        (layers.contour.shown, "contour map"),
        (layers.outline.shown, "outline of the reference labels"),
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
        let class = usize::from(state.selected.get()?);
        state
            .study
            .with(|study| Some(study.as_ref()?.classes.get(class)?.name.clone()))
    };
    move || {
        name().map(|name| {
            view! {
                <button
                    class="button stage__alone"
                    on:pointerdown=|event| event.stop_propagation()
                    on:click=move |_| state.selected.set(None)
                >
                    {format!("Contour of {name} alone ✕")}
                </button>
            }
        })
    }
}

#[component]
fn Crosshair(look: Memo<Option<Look>>, zoom: RwSignal<Zoom>, size: RwSignal<[u32; 2]>) -> impl IntoView {
    let state = State::get();
    let at = move || {
        let canvas = size.get();
        look.with(|look| {
            let look = look
                .as_ref()
                .filter(|look| look.layers.crosshair && canvas[0] > 0)?;
            let [across, down, _] = look.shown.cut.plane.axes();
            let cursor = state.cursor.get();
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
