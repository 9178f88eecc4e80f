//! What does each pixel cost? The loss of the shown slice, pixel by pixel, under the loss as it is chosen now.

mod ask;
mod inspector;
mod state;

use leptos::prelude::*;

use super::State;
use ask::Ask;
use inspector::Inspector;
pub use state::{Asked, Pixels, Told, follow};

#[component]
pub fn PixelPanel() -> impl IntoView {
    let pixels = State::get().pixels;
    let is_told = Memo::new(move |_| pixels.told.with(Option::is_some));
    view! {
        <Ask/>
        <p class="problem" role="alert">{pixels.fault}</p>
        {move || is_told.get().then(|| view! {
            <p>"What follows is of this slice alone, as a batch of one, under the loss as it is chosen above."</p>
            <Inspector/>
        })}
    }
}
