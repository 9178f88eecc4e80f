//! The slice on screen before and after what training does to it at random, by the twin of the shader that does it.

use std::sync::Arc;

use leptos::prelude::*;

use super::laid::Sliced;
use super::picture::{Picture, PictureView};
use crate::net::{Slices, batch_images};
use crate::train::{Augmentation, Pick, Windows};
use crate::ui::store::Training;

/// Draws shown at once.
const SHOWN: usize = 3;

#[component]
pub fn Preview(training: Training, sliced: RwSignal<Option<Arc<Sliced>>>) -> impl IntoView {
    // As in the run: seed and step decide the draws.
    let step = RwSignal::new(0_u64);
    let decided = Memo::new(move |_| {
        training.settings.with(|settings| {
            (
                settings.augmentation,
                settings.patch,
                settings.seed.max(0.0) as u64,
            )
        })
    });
    let in_patches = move || {
        let size = training.settings.with(|settings| settings.size);
        decided.get().1.is_some_and(|patch| patch < size)
    };
    let off = move || {
        let (augmentation, ..) = decided.get();
        let plain = Augmentation {
            by_class: augmentation.by_class,
            ..Augmentation::default()
        };
        augmentation == plain && !in_patches()
    };
    let before = Signal::derive(move || Some(sliced.get()?.picture()));
    let after = Memo::new(move |_| {
        let slice = sliced.get()?;
        let (augmentation, patch, seed) = decided.get();
        let patch = patch.filter(|_| in_patches());
        let windows = |grid: [usize; 2]| {
            let window = patch.map_or(grid, |patch| [patch; 2]);
            (Windows::new(grid, window, augmentation, seed), window)
        };
        (!off()).then(|| draw(&slice, windows(slice.laid.fit.grid), step.get()))
    });
    let one = move |i: usize| {
        let picture = Signal::derive(move || after.with(|after| after.as_ref()?.get(i).cloned()));
        let name = Signal::derive(move || format!("Draw {} of step {}", i + 1, step.get()));
        view! { <PictureView name picture/> }
    };
    view! {
        <h3>"Changed at random"</h3>
        <p class="note">
            {move || if off() {
                "Nothing is changed at random. Flips, rotation, scale, shift, elastic, gamma and noise are switched on under Augment, \
                 in the settings of the run."
            } else {
                "This is what becomes of the slice on screen in some steps. Labels move with the image; noise and gamma leave \
                 them alone. The run does it anew for every slice of every step."
            }}
            {move || in_patches().then_some(
                " Of each slice it sees one window. Those that follow a class are put where the run finds it; here they lie \
                 anywhere."
            )}
        </p>
        <div class="data__pictures">
            <PictureView name=Signal::stored("As it is".to_owned()) picture=before/>
            {move || (!off()).then(|| (0..SHOWN).map(one).collect_view())}
        </div>
        <div class="data__row">
            <button class="button" disabled=off on:click=move |_| step.update(|step| *step += 1)>"Show other random changes"</button>
            <button class="button" disabled=move || step.get() == 0 on:click=move |_| step.set(0)>"Back to step 0"</button>
        </div>
    }
}

fn draw(slice: &Sliced, (windows, [width, height]): (Windows, [usize; 2]), step: u64) -> Vec<Picture> {
    let [columns, rows] = slice.laid.fit.grid;
    let area = width * height;
    let pick = Pick {
        slice: 0,
        class: None,
    };
    let draws = windows.draws(step, &[pick; SHOWN]);
    let study = Slices {
        images: &slice.shares,
        labels: &slice.labels,
        scaling: &[[1.0, 0.0]],
        extent: [rows, columns],
        context: 0,
    };
    let (mut images, mut moved) = (vec![0.0; SHOWN * area], vec![0; SHOWN * area]);
    batch_images(&mut images, &mut moved, &draws, &study, [SHOWN, 1, height, width]);
    images
        .chunks_exact(area)
        .zip(moved.chunks_exact(area))
        .map(|(image, label)| Picture {
            width,
            height,
            ..slice.laid.picture((image.to_vec(), label.to_vec()))
        })
        .collect()
}
