//! A canvas of its own size that shows a scene.

use leptos::html::Canvas as CanvasElement;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, ResizeObserver};

use super::screen::Screen;
use crate::ui::device::Device;
use crate::view::Scene;

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
    let device = crate::ui::State::get().device;
    let size = size.unwrap_or_default();
    let has_gpu = Memo::new(move |_| {
        device.with(|device| match device {
            Device::Opening => None,
            device => Some(device.context().is_some()),
        })
    });
    // A canvas that has shown the graphics card's picture takes no other: keyed, so that it is not reused.
    view! {
        <For each=move || has_gpu.get() key=|has_gpu| *has_gpu let(_has_gpu)>
            <Canvas name device draw size/>
        </For>
    }
}

#[component]
fn Canvas(
    name: Signal<String>,
    device: RwSignal<Device, LocalStorage>,
    draw: impl Fn([u32; 2], f32) -> Option<Scene> + Copy + Send + Sync + 'static,
    size: RwSignal<[u32; 2]>,
) -> impl IntoView {
    let node = NodeRef::<CanvasElement>::new();
    let screen = StoredValue::new_local(None::<Screen>);
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn Fn()>)>);
    let pending = StoredValue::new(false);

    let paint = move || {
        // The canvas may be gone by the time of its frame.
        if pending.try_set_value(false).is_some() {
            return;
        }
        let canvas = size.get_untracked();
        let ratio = window().device_pixel_ratio() as f32;
        let scene = untrack(|| draw(canvas, ratio));
        if let Some(scene) = scene.filter(|_| !canvas.contains(&0)) {
            screen.try_update_value(|screen| {
                if let Some(screen) = screen {
                    screen.paint(&scene);
                }
            });
        }
    };
    Effect::new(move || {
        let Some(canvas) = node.get() else { return };
        screen.set_value(Some(device.with_untracked(|device| Screen::new(device, &canvas))));
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
        if !pending.get_value() {
            pending.set_value(true);
            request_animation_frame(paint);
        }
    });
    on_cleanup(move || {
        observer.try_update_value(|observer| {
            if let Some((watch, _)) = observer.take() {
                watch.disconnect();
            }
        });
    });
    view! { <canvas class="picture__canvas" node_ref=node role="img" aria-label=name/> }
}

fn fit_to_box(canvas: &HtmlCanvasElement, size: RwSignal<[u32; 2]>) {
    let ratio = window().device_pixel_ratio();
    let pixels = [canvas.client_width(), canvas.client_height()]
        .map(|length| (f64::from(length) * ratio).round() as u32);
    if pixels != [canvas.width(), canvas.height()] && !pixels.contains(&0) {
        canvas.set_width(pixels[0]);
        canvas.set_height(pixels[1]);
        size.set(pixels);
    }
}
