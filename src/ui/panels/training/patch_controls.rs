//! Whole slices or windows of them: the choice, and what it does.

use leptos::prelude::*;

use crate::page::figure;
use crate::plan::{PATCHES, Settings};
use crate::ui::parts::Segmented;

#[component]
pub fn PatchControls(settings: RwSignal<Settings>) -> impl IntoView {
    let options = PATCHES.map(|(patch, name)| (Some(patch), name));
    let options = [(None, "Off")].into_iter().chain(options).collect();
    let effect = move || settings.with(effect);
    view! {
        <fieldset class="controls">
            <legend class="settings__legend">"Patches"</legend>
            <Segmented
                name="Patches of n × n pixels" options
                value=Signal::derive(move || settings.with(|settings| settings.patch))
                set=move |patch| settings.update(|settings| settings.patch = patch)
            />
            <p class="note" role="status" aria-label="What the patches do">{effect}</p>
            <p class="note">
                "A step then sees windows of the slices, and takes memory and time for no more than these. Their places are \
                 drawn anew for each step, decided by the seed. Validation, prediction and measures see whole slices: every \
                 layer is a convolution or works pixel by pixel, so that the same weights take any size. Only norms tell the two \
                 apart: they average over what they see, a window or a slice."
            </p>
        </fieldset>
    }
}

/// How much of the slices a batch shows.
fn effect(settings: &Settings) -> String {
    let Settings { size, batch, .. } = *settings;
    let Some(patch) = settings.patch.filter(|patch| *patch != size) else {
        return format!("Off: a step sees whole slices, of {size} × {size} pixels.");
    };
    if patch > size {
        return format!("Windows of {patch} × {patch} pixels do not fit into slices of {size} × {size}.");
    }
    let windows = size.div_ceil(patch).pow(2);
    let share = 100.0 * (patch * patch) as f64 / (size * size) as f64;
    let drawn = settings.augmentation.drawn_by_class(batch as usize);
    let places = if drawn > 0 {
        format!(
            "For {drawn} of them a class is drawn, then a slice that shows it, then one of its pixels there: it lies in the middle of \
             the window, or as near to that as the slice's edge allows."
        )
    } else {
        "They may lie anywhere, all places alike; drawn by class (under Augment), each would hold a pixel of its class.".into()
    };
    format!(
        "{windows} windows of {patch} × {patch} pixels cover a slice of {size} × {size}; the {batch} windows of a batch have {} % of \
         the pixels of as many slices. {places}",
        figure(share)
    )
}
