//! The loss on the slice that the network was last asked about.

use std::sync::Arc;

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::page::{Asked, Told};
use crate::ui::ground::latest::Latest;
use crate::ui::store::{Data, Maps, State};

/// Evaluates the loss anew whenever the network, the loss, the label or the contour changes.
pub fn follow(state: State) {
    let pixels = state.pixels;
    let latest = Latest::new();
    let labels = Memo::new(move |_| labels_now(pixels.asked.get()?.as_ref(), state.data, state.maps));
    // Apart from the loss, so that a slider of the loss makes no array anew.
    let asked = Memo::new_with_compare(
        move |_| {
            Some(
                pixels
                    .asked
                    .get()?
                    .with(labels.get(), state.objective.contour.get()),
            )
        },
        |before, now| match (before, now) {
            (Some(Some(before)), Some(Some(now))) => !Arc::ptr_eq(before, now),
            _ => true,
        },
    );
    Effect::new(move || {
        let loss = state.objective.loss.get();
        let Some(asked) = asked.get() else {
            pixels.told.set(None);
            return;
        };
        if loss.validate(asked.given.shape[1]).is_err() {
            pixels.told.set(None);
            return;
        }
        latest.ask((asked, loss), move |(asked, loss)| async move {
            let (share, _) = pixels.share.get_untracked().known_to(loss.definition());
            let drawn = Some((share, asked.fit));
            let studio = state.compute.studio();
            let told = studio
                .explain_drawn(&asked.given, &loss, &asked.facts, drawn)
                .await;
            // The answer may come when the study that it is about is gone.
            let stays = pixels.asked.with_untracked(|now| {
                now.as_ref()
                    .is_some_and(|now| Arc::ptr_eq(&now.study, &asked.study))
            });
            match told {
                Ok((explained, map)) if stays => {
                    pixels.fault.set(String::new());
                    pixels.told.set(Some(Arc::new(Told {
                        asked,
                        loss,
                        explained,
                        placed: Some((share, map)),
                    })));
                }
                Ok(_) => {}
                Err(fault) => pixels.fault.set(fault),
            }
        });
    });
}

/// The labels of a prediction's slice as they are now on the network's grid, with the stroke under way.
fn labels_now(asked: &Asked, data: Data, maps: Maps) -> Option<Vec<u32>> {
    let study = data
        .study
        .get()
        .filter(|study| study.is_same_scan(&asked.study))?;
    let area = study.shape[0] * study.shape[1];
    let saved = &study.labels[area * asked.slice.0..area * (asked.slice.0 + 1)];
    let drawn = maps.shown.with(|shown| {
        let cut = &shown.as_ref()?.cut;
        let is_it = cut.plane == Plane::Axial && cut.index == asked.slice.0 && cut.study.is_same_scan(&study);
        is_it.then(|| Arc::clone(&cut.labels))
    });
    Some(asked.fit.labels(drawn.as_deref().unwrap_or(saved)))
}
