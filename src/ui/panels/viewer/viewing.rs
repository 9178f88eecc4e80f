//! What only the viewer has to know, as signals.

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::page::{Look, Zoom};
use crate::ui::ground::browser;
use crate::ui::store::{Pencil, State};

const SINGLE_KEYS: &str = "contour-lab.single-keys";

/// How many planes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    Single,
    Three,
}

impl Arrangement {
    pub fn turn(&mut self) {
        *self = match self {
            Self::Single => Self::Three,
            Self::Three => Self::Single,
        };
    }
}

/// How prediction and reference are held against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// One over the other.
    Over,
    /// One on each side of a divider.
    Swipe,
    /// In turn.
    Flicker,
    SideBySide,
}

impl Compare {
    /// The next one, as they stand in the menu.
    pub fn turn(&mut self) {
        *self = match self {
            Self::Over => Self::Swipe,
            Self::Swipe => Self::Flicker,
            Self::Flicker => Self::SideBySide,
            Self::SideBySide => Self::Over,
        };
    }
}

/// Copied freely.
#[derive(Clone, Copy)]
pub struct Viewing {
    /// Of each plane, in the order of [`Plane::ALL`].
    zooms: [RwSignal<Zoom>; 3],
    pub arrangement: RwSignal<Arrangement>,
    pub compare: RwSignal<Compare>,
    /// Where the swipe divides the picture, in percent of its width from the left.
    pub divider: RwSignal<f64>,
    /// Whether the flicker shows the prediction now.
    pub flipped: RwSignal<bool>,
    /// Whether the flicker goes on by itself.
    pub alternates: RwSignal<bool>,
    pub pencil: Pencil,
    /// Whether the help is open.
    pub help: RwSignal<bool>,
    /// Whether keys that are a single character do anything; remembered.
    pub single_keys: RwSignal<bool>,
}

/// A place where a plane is shown.
#[derive(Clone, Copy)]
pub struct Port {
    pub plane: Signal<Plane>,
    pub look: Memo<Option<Look>>,
    /// The canvas's size in pixels.
    pub size: RwSignal<[u32; 2]>,
}

impl Viewing {
    pub fn new() -> Self {
        let single_keys = RwSignal::new(browser::recall(SINGLE_KEYS).as_deref() != Some("off"));
        Effect::new(move || {
            browser::remember(SINGLE_KEYS, if single_keys.get() { "on" } else { "off" });
        });
        Self {
            zooms: [(); 3].map(|()| RwSignal::new(Zoom::default())),
            arrangement: RwSignal::new(Arrangement::Single),
            compare: RwSignal::new(Compare::Over),
            divider: RwSignal::new(50.0),
            flipped: RwSignal::new(false),
            alternates: RwSignal::new(!browser::wants_less_motion()),
            pencil: Pencil::new(),
            help: RwSignal::new(false),
            single_keys,
        }
    }

    /// The viewer's signals, from anywhere below [`Viewer`](super::Viewer).
    pub fn get() -> Self {
        expect_context()
    }

    pub fn zoom(self, plane: Plane) -> RwSignal<Zoom> {
        let [axial, coronal, sagittal] = self.zooms;
        match plane {
            Plane::Axial => axial,
            Plane::Coronal => coronal,
            Plane::Sagittal => sagittal,
        }
    }

    pub fn reset_zooms(self) {
        for zoom in self.zooms {
            zoom.set(Zoom::default());
        }
    }
}

impl Port {
    pub fn zoom(self, viewing: Viewing) -> RwSignal<Zoom> {
        viewing.zoom(self.plane.get_untracked())
    }

    /// Makes this the plane that the rest of the page is about.
    pub fn choose(self, state: State) {
        let plane = self.plane.get_untracked();
        if state.view.plane.get_untracked() != plane {
            state.view.plane.set(plane);
        }
    }
}
