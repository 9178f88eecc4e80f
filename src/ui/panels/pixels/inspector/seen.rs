//! The pixel that is looked at, and all that is known of it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::loss::{Inspection, Line, Share, Worked};
use crate::page::Told;
use crate::ui::store::State;

/// A pixel with its arithmetic.
#[derive(Clone, Debug)]
pub struct Seen {
    pub told: Arc<Told>,
    /// Whether the pointer chose it; else the crosshair did.
    pub hovers: bool,
    /// Column and row on the grid.
    pub place: [usize; 2],
    pub pixel: Inspection,
    /// Of each line of the pixel.
    pub worked: Vec<Worked>,
}

impl Seen {
    fn of(told: Arc<Told>, voxel: [usize; 3], hovers: bool) -> Option<Self> {
        let given = &told.asked.given;
        let x = told.asked.pixel(voxel)?;
        let pixel = told.explained.inspect(given, x);
        let worked = pixel
            .lines
            .iter()
            .map(|line| told.explained.work(given, x, line))
            .collect();
        let width = told.asked.fit.grid[0];
        Some(Self {
            place: [x % width, x / width],
            hovers,
            pixel,
            worked,
            told,
        })
    }

    /// Of a class; what is none is ignored.
    pub fn name(&self, class: usize) -> String {
        let known = self.told.asked.study.classes.get(class);
        known.map_or_else(|| "ignored".to_owned(), |class| class.name.clone())
    }

    /// As CSS writes it.
    pub fn color(&self, class: usize) -> String {
        let known = self.told.asked.study.classes.get(class);
        let [r, g, b] = known.map_or([128; 3], |class| class.color);
        format!("rgb({r} {g} {b})")
    }

    /// A share of the loss times the number of pixels: the mean over the slice is the loss.
    pub fn cost(&self, share: f32) -> f64 {
        f64::from(share) * self.pixel.pixels as f64
    }

    /// The name of a term; "Loss" for one that is all of it.
    pub fn term_name(&self, line: &Line) -> String {
        let [pixel, region, contour, rest] = self.told.loss.definition().terms;
        let parts = match line.term {
            Share::Contour => [region, contour],
            Share::Rest => [region, rest],
            Share::Pixel | Share::Total | Share::Gradient => [pixel, ""],
        };
        let named: Vec<&str> = parts.into_iter().filter(|name| !name.is_empty()).collect();
        if named.is_empty() {
            "Loss".into()
        } else {
            named.join(": ")
        }
    }
}

/// Follows the pointer, or the crosshair where the pointer is over nothing that the network was asked about; at most
/// once a frame.
pub fn follow(state: State) -> RwSignal<Option<Arc<Seen>>> {
    let pixels = state.pixels;
    let seen = RwSignal::new(None);
    let pending = StoredValue::new(false);
    let look = move || {
        // The inspector may be gone by the time of its frame.
        if pending.try_set_value(false).is_some() {
            return;
        }
        let now = pixels.told.get_untracked().and_then(|told| {
            let hover = pixels.hover.get_untracked();
            let under = hover.and_then(|voxel| Seen::of(Arc::clone(&told), voxel, true));
            under.or_else(|| Seen::of(told, state.view.cursor.get_untracked(), false))
        });
        seen.set(now.map(Arc::new));
    };
    Effect::new(move || {
        pixels.hover.track();
        state.view.cursor.track();
        pixels.told.track();
        if !pending.get_value() {
            pending.set_value(true);
            request_animation_frame(look);
        }
    });
    seen
}
