//! What the loss says of each pixel.

use std::sync::Arc;

use leptos::prelude::*;

use crate::loss::{Kind, Params, Share};
use crate::page::{Asked, Drawn, Told};

/// Signals of everything that is explained pixel by pixel; copied freely.
#[derive(Clone, Copy)]
pub struct Pixels {
    pub asked: RwSignal<Option<Arc<Asked>>>,
    /// Under the loss and the contour as they are chosen now; lags behind by the time of one evaluation. None while
    /// the choice means nothing.
    pub told: RwSignal<Option<Arc<Told>>>,
    /// Why there is nothing to tell, if it is the device's fault.
    pub fault: RwSignal<String>,
    /// Which map is wanted; [`Pixels::drawn`] says which there is.
    pub share: RwSignal<Share>,
    /// The total and the terms of the loss have one range of colours.
    pub common: RwSignal<bool>,
    /// The map that the viewer draws.
    pub drawn: Memo<Option<Drawn>>,
    /// The loss that the page's loss is compared with. May be invalid: ask `validate()`.
    pub second: RwSignal<Params>,
    /// The voxel under the pointer, `[x, y, z]`, while it hovers over the picture.
    pub hover: RwSignal<Option<[usize; 3]>>,
}

impl Pixels {
    pub fn new() -> Self {
        let told = RwSignal::new(None::<Arc<Told>>);
        let share = RwSignal::new(Share::Total);
        let common = RwSignal::new(false);
        let drawn = Memo::new_with_compare(
            move |_| Some(told.get()?.drawn(share.get(), common.get())),
            |_, _| true,
        );
        Self {
            asked: RwSignal::new(None),
            told,
            fault: RwSignal::new(String::new()),
            share,
            common,
            drawn,
            second: RwSignal::new(Params::new(Kind::CrossEntropy)),
            hover: RwSignal::new(None),
        }
    }
}
