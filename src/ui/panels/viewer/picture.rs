//! A canvas of its own size that shows a scene.

use leptos::html::Canvas as CanvasElement;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, ResizeObserver};

use crate::ui::ground::browser;
use crate::ui::ground::engine::Screen;
use crate::ui::store::Device;
use crate::view::Scene;

/// How far a canvas is with its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Resting,
    /// For a frame.
    Waiting,
    Painting,
    /// The same, and what is painted is not true any more.
    Outdated,
}

/// Shows what `draw` makes for the canvas's size in pixels and its pixels for each CSS pixel.
#[component]
pub fn Picture(
    /// What the picture shows, in words.
    #[prop(into)]
    name: Signal<String>,
    draw: impl Fn([u32; 2], f32) -> Option<Scene> + Copy + Send + Sync + 'static,
    /// The canvas's size in pixels, for whoever has to find a voxel on it.
    #[prop(optional)]
    size: Option<RwSignal<[u32; 2]>>,
) -> impl IntoView {
    let device = crate::ui::store::State::get().compute.device;
    let size = size.unwrap_or_default();
    let has_gpu = Memo::new(move |_| {
        device.with(|device| match device {
            Device::Opening => None,
            Device::Ready(_) => Some(true),
            Device::Absent(_) => Some(false),
        })
    });
    // A canvas that has shown the graphics card's picture takes no other: keyed, so that it is not reused.
    view! {
        <For each=move || has_gpu.get() key=|has_gpu| *has_gpu let(_has_gpu)>
            <Canvas name draw size/>
        </For>
    }
}

#[component]
fn Canvas(
    name: Signal<String>,
    draw: impl Fn([u32; 2], f32) -> Option<Scene> + Copy + Send + Sync + 'static,
    size: RwSignal<[u32; 2]>,
) -> impl IntoView {
    let state = crate::ui::store::State::get();
    let node = NodeRef::<CanvasElement>::new();
    let screen = StoredValue::new_local(None::<Screen>);
    // Why the canvas shows nothing, or nothing new.
    let fault = RwSignal::new(String::new());
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn Fn()>)>);
    let turn = RwSignal::new(Turn::Resting);

    let scene = move || {
        let canvas = size.get_untracked();
        let ratio = window().device_pixel_ratio() as f32;
        untrack(|| draw(canvas, ratio)).filter(|_| !canvas.contains(&0))
    };
    // One picture at a time is under way, and the next is of what is true by then.
    let paint = move || {
        spawn_local(async move {
            loop {
                browser::next_frame().await;
                // The canvas may be gone by the time of its frame.
                let Some(number) = screen.try_with_value(|screen| screen.as_ref().map(Screen::number)) else {
                    return;
                };
                turn.set(Turn::Painting);
                if let (Some(number), Some(scene)) = (number, scene()) {
                    let painted = state.compute.studio().paint(number, &scene).await;
                    let _ = fault.try_set(painted.err().unwrap_or_default());
                    state.view.settle();
                }
                match turn.try_get_untracked() {
                    Some(Turn::Outdated) => {}
                    Some(_) => break turn.set(Turn::Resting),
                    None => return,
                }
            }
        });
    };
    Effect::new(move || {
        let Some(canvas) = node.get() else { return };
        match state.compute.studio.with_value(|studio| studio.screen(&canvas)) {
            Ok(own) => screen.set_value(Some(own)),
            Err(words) => {
                fault.set(words);
                state.view.settle();
            }
        }
        let resized = Closure::<dyn Fn()>::new({
            let canvas = canvas.clone();
            move || fit_to_box(&canvas, size)
        });
        if let Ok(watch) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            watch.observe(&canvas);
            observer.set_value(Some((watch, resized)));
        }
    });
    Effect::new(move || {
        // Drawn only to learn what it depends on; the frame draws what is true by then.
        let _ = draw(size.get(), 1.0);
        match turn.get_untracked() {
            Turn::Resting => {
                turn.set(Turn::Waiting);
                paint();
            }
            Turn::Painting => turn.set(Turn::Outdated),
            Turn::Waiting | Turn::Outdated => {}
        }
    });
    on_cleanup(move || {
        observer.try_update_value(|observer| {
            if let Some((watch, _)) = observer.take() {
                watch.disconnect();
            }
        });
    });
    let busy = move || (turn.get() != Turn::Resting).to_string();
    view! {
        <canvas class="picture__canvas" node_ref=node role="img" aria-label=name aria-busy=busy/>
        {move || Some(fault.get()).filter(|fault| !fault.is_empty()).map(|fault| view! {
            <p class="problem picture__fault" role="alert" title=fault.clone()>{format!("No picture. {fault}")}</p>
        })}
    }
}

fn fit_to_box(canvas: &HtmlCanvasElement, size: RwSignal<[u32; 2]>) {
    let ratio = window().device_pixel_ratio();
    let pixels = [canvas.client_width(), canvas.client_height()]
        .map(|length| (f64::from(length) * ratio).round() as u32);
    if pixels != size.get_untracked() && !pixels.contains(&0) {
        size.set(pixels);
    }
}
