//! What does each pixel cost? The loss of the shown slice, pixel by pixel, under the loss as it is chosen now.

mod ask;
mod compare;
mod heat;
mod imbalance;
mod inspector;

use leptos::prelude::*;

use crate::ui::parts::Later;
use crate::ui::store::State;
use ask::Ask;
use compare::Compare;
use heat::Heat;
use imbalance::Imbalance;
use inspector::Inspector;

#[component]
pub fn PixelPanel() -> impl IntoView {
    let pixels = State::get().pixels;
    let is_told = Memo::new(move |_| pixels.told.with(Option::is_some));
    view! {
        <Ask/>
        <p class="problem" role="alert">{pixels.fault}</p>
        {move || is_told.get().then(|| view! {
            <p>"The maps and numbers below show this slice alone, as a batch of one. The loss is the one chosen above."</p>
        })}
        <Imbalance/>
        {move || is_told.get().then(|| view! {
            <Heat/>
            <Later><Inspector/></Later>
            <Later><Compare/></Later>
        })}
    }
}
