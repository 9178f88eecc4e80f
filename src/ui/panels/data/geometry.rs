//! From the file's pixels to the network's: shrinking, cutting, neighbours; and what is lost on the way.

use std::sync::Arc;

use leptos::prelude::*;

use super::laid::{Laid, Sliced};
use super::picture::PictureView;
use crate::lab::Cohort;
use crate::metrics::Overlap;
use crate::page::{counted, figure};
use crate::ui::parts::{Field, Segmented};
use crate::ui::services::opening::edit;
use crate::ui::store::State;

/// Dice of each class's label with itself, to the grid and back: no network can do better on the file's own grid.
fn best(laid: &Laid) -> Vec<Option<f64>> {
    let study = &laid.study;
    let area = (study.shape[0] * study.shape[1]).max(1);
    let mut overlaps = vec![Overlap::default(); study.classes.len()];
    for slice in study
        .labels
        .chunks_exact(area)
        .filter(|slice| slice.iter().any(|label| study.is_foreground(*label)))
    {
        let back = laid.fit.to_source_map(&laid.fit.labels(slice));
        for (back, label) in back.iter().zip(slice) {
            let [of_back, of_label] = [*back, *label].map(usize::from);
            // What is ignored is not scored.
            if of_back >= overlaps.len() || of_label >= overlaps.len() {
                continue;
            }
            overlaps[of_back].predicted += 1;
            overlaps[of_label].reference += 1;
            if back == label {
                overlaps[of_label].both += 1;
            }
        }
    }
    overlaps.iter().map(|overlap| overlap.outcome().dice()).collect()
}

const CUTS: [(bool, &str); 2] = [(false, "Whole slices"), (true, "Cut to the body")];
const NEIGHBOURS: [(usize, &str); 3] = [(0, "None"), (1, "1 on either side"), (2, "2 on either side")];

#[component]
pub fn Geometry(
    state: State,
    laid: Memo<Option<Laid>>,
    sliced: RwSignal<Option<Arc<Sliced>>>,
) -> impl IntoView {
    let of = move |read: fn(&Cohort) -> usize| {
        Signal::derive(move || state.data.cohort.with(|cohort| cohort.as_deref().map_or(0, read)))
    };
    let crops = Signal::derive(move || {
        state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().is_some_and(|cohort| cohort.crops))
    });
    let pixel_mm = Memo::new(move |_| {
        state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().and_then(|cohort| cohort.pixel_mm))
    });
    // As it is for the subject on screen, so that nothing jumps.
    let fix = move |event| {
        let now = laid.with_untracked(|laid| {
            let laid = laid.as_ref()?;
            Some((laid.fit.step * f64::from(laid.study.spacing_mm[0]) * 1000.0).round() / 1000.0)
        });
        let chosen = event_target_checked(&event).then_some(now).flatten();
        edit(state, |cohort| cohort.pixel_mm = chosen);
    };
    let picture = Signal::derive(move || Some(sliced.get()?.picture()));
    let best = Memo::new(move |_| laid.with(|laid| laid.as_ref().map(best).unwrap_or_default()));
    let words = move || {
        let laid = laid.get()?;
        let [across, down, _] = laid.study.spacing_mm.map(f64::from);
        let [x, y] = laid.fit.source;
        let [width, height] = laid.fit.grid;
        let step = laid.fit.step;
        let size = if step > 1.0 {
            format!(
                "A pixel of the grid is the mean of {} × {} pixels: {} × {} mm instead of {} × {}.",
                figure(step),
                figure(step),
                figure(step * across),
                figure(step * down),
                figure(across),
                figure(down)
            )
        } else {
            format!(
                "Pixels are taken as they are, {} × {} mm.",
                figure(across),
                figure(down)
            )
        };
        let is_cut = laid.fit.grid_pixel([0, 0]).is_none() || laid.fit.grid_pixel([x - 1, y - 1]).is_none();
        let cut = if is_cut {
            " What does not fit is cut off, and is background in a predicted volume."
        } else {
            ""
        };
        Some(format!(
            "{x} × {y} pixels come to {width} × {height}. {size}{cut} The image size is set with the network."
        ))
    };
    let channels = move || {
        let (channels, all) = (
            of(|cohort| cohort.channels.len()).get(),
            of(Cohort::in_channels).get(),
        );
        if all == channels {
            format!("The network's input has {}.", counted(all, "channel"))
        } else {
            format!(
                "The network's input has {}: {} of the slice and of each neighbour. At the ends the last slice stands in.",
                counted(all, "channel"),
                counted(channels, "channel")
            )
        }
    };
    // Over the whole volume: not before somebody wants to know.
    let opened = RwSignal::new(false);
    let rows = move || {
        let laid = opened.get().then(|| laid.get()).flatten()?;
        let row = |(class, dice): (&crate::page::Class, Option<f64>)| {
            let dice = dice.map_or_else(|| "–".to_owned(), |dice| format!("{dice:.3}"));
            view! { <tr><th scope="row">{class.name.clone()}</th><td class="figure">{dice}</td></tr> }
        };
        let classes = laid.study.classes.iter().zip(best.get()).skip(1);
        Some(classes.map(row).collect_view())
    };
    view! {
        <h3>"Onto the grid"</h3>
        <Segmented
            name="Slices" options=CUTS.to_vec() value=crops
            set=move |crops| edit(state, |cohort| cohort.crops = crops)
        />
        <Segmented
            name="Neighbouring slices" options=NEIGHBOURS.to_vec() value=of(|cohort| cohort.context)
            set=move |context| edit(state, |cohort| cohort.context = context)
        />
        <div class="data__row">
            <label class="toggle">
                <input type="checkbox" prop:checked=move || pixel_mm.get().is_some() on:change=fix/>
                <span>"One size of pixel for all subjects"</span>
            </label>
            {move || pixel_mm.get().is_some().then(|| view! {
                <Field
                    name="Pixel" unit=Signal::stored("mm") value=Signal::derive(move || pixel_mm.get().unwrap_or(1.0))
                    set=move |mm| edit(state, |cohort| cohort.pixel_mm = (mm > 0.0).then_some(mm))
                />
            })}
        </div>
        <div class="data__side">
            <PictureView name=Signal::stored("What the network sees of the slice on screen".to_owned()) picture/>
            <div>
                <p class="note">{words}</p>
                <p class="note">{channels}</p>
            </div>
        </div>
        <details class="aside" on:toggle=move |_| opened.set(true)>
            <summary>"What the grid costs"</summary>
            <p class="note">
                "The reference labels go to the grid and back, by nearest neighbour. Their Dice with themselves is the best \
                 that any network can reach on the file's own pixels."
            </p>
            <table class="plain" aria-label="Best Dice on this grid">
                <thead><tr><th scope="col">"Class"</th><th scope="col" class="figure">"Best Dice"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}
