//! Files may be dropped anywhere on the page.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::DragEvent;

use crate::ui::ground::files::Held;
use crate::ui::services::opening::take_files;
use crate::ui::store::State;

/// Takes drops on the whole window (elsewhere the browser would leave the page for the file), and says so while
/// files hover over it.
#[component]
pub fn DropArea(state: State) -> impl IntoView {
    let hovering = RwSignal::new(false);
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        event.prevent_default();
        hovering.set(true);
    });
    let leave = window_event_listener(ev::dragleave, move |event: DragEvent| {
        // From one element to the next is no leave.
        if event.related_target().is_none() {
            hovering.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        event.prevent_default();
        hovering.set(false);
        if let Some(transfer) = event.data_transfer() {
            let held = Held::of(&transfer);
            spawn_local(async move { take_files(state, held.files().await) });
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop.remove();
    });
    move || {
        hovering.get().then(|| {
            view! { <div class="drop" aria-hidden="true"><p>"Drop an image and its label, or a folder of many: .nii or .nii.gz"</p></div> }
        })
    }
}
