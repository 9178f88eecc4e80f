//! One pixel of the slice: what the network says of it, what that costs term by term, and which way it is pulled.

mod addends;
mod classes;
mod figure;
mod formula;
mod glossary;
mod head;
mod seen;
mod sum;
mod term;
mod words;

use leptos::prelude::*;

use crate::ui::store::{Pixels, State};
use classes::ClassTable;
use glossary::Glossary;
use head::Head;
use seen::follow;
use sum::AddingUp;
use term::TermBlock;

#[component]
pub fn Inspector() -> impl IntoView {
    let state = State::get();
    let seen = follow(state);
    let is_seen = Memo::new(move |_| seen.with(Option::is_some));
    let terms = move || {
        let seen = seen.get()?;
        let blocks = (0..seen.pixel.lines.len()).map(|i| view! { <TermBlock seen=seen.clone() i/> });
        Some(blocks.collect_view())
    };
    view! {
        <article class="inspector" aria-label="Pixel inspector" aria-live="off">
            <h3>"Why does this pixel cost what it costs?"</h3>
            <p class="note">
                "Point at the picture, tap it, or move the crosshair with the arrow keys while the picture has the focus."
            </p>
            {move || if is_seen.get() {
                view! {
                    <Head seen/>
                    <ClassTable seen/>
                    {terms}
                    <AddingUp seen/>
                    <Glossary/>
                }.into_any()
            } else {
                view! { <p><Elsewhere pixels=state.pixels/></p> }.into_any()
            }}
        </article>
    }
}

/// What to say of a voxel that the network was not asked about.
#[component]
fn Elsewhere(pixels: Pixels) -> impl IntoView {
    let slice = Memo::new(move |_| {
        pixels
            .told
            .with(|told| told.as_ref().map(|told| told.asked.slice))
    });
    move || {
        slice.get().map(|slice| {
            format!(
                "The crosshair lies outside axial slice {slice}, the one that the network was asked about."
            )
        })
    }
}
