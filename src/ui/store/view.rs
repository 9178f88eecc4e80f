//! What is looked at, and how it is drawn.

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::page::{Layers, Window};
use crate::train::SliceOfSubject;

/// What is looked at, and how it is drawn. Copied freely.
#[derive(Clone, Copy)]
pub struct View {
    /// There is a picture, or there will be none for now: what it does not need may be built.
    pub settled: RwSignal<bool>,
    pub plane: RwSignal<Plane>,
    /// The voxel under the crosshair, `[x, y, z]` in RAS order.
    pub cursor: RwSignal<[usize; 3]>,
    pub window: RwSignal<Window>,
    pub layers: RwSignal<Layers>,
    /// Bit k: class k is drawn.
    pub visible: RwSignal<u32>,
    /// Opacity of each class, 32 of them, in 255ths.
    pub opacities: RwSignal<[u8; 32]>,
    /// The class whose contour alone is drawn.
    pub selected: RwSignal<Option<u8>>,
}

impl View {
    pub fn new() -> Self {
        Self {
            settled: RwSignal::new(false),
            plane: RwSignal::new(Plane::Axial),
            cursor: RwSignal::new([0; 3]),
            window: RwSignal::new(Window::SOFT_TISSUE),
            layers: RwSignal::new(Layers::default()),
            visible: RwSignal::new(u32::MAX),
            opacities: RwSignal::new([u8::MAX; 32]),
            selected: RwSignal::new(None),
        }
    }

    /// Says so, once: see [`View::settled`].
    pub fn settle(self) {
        if !self.settled.get_untracked() {
            self.settled.set(true);
        }
    }

    /// The axial slice under the crosshair.
    pub fn axial_slice(self) -> SliceOfSubject {
        SliceOfSubject(self.cursor.get_untracked()[2])
    }
}
