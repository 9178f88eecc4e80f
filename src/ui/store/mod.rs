//! What the page knows, as signals.

mod asking;
mod device;
mod keeping;
mod maps;
mod pencil;
mod pixels;
mod planning;
mod run;
mod task;

use std::sync::Arc;

use leptos::prelude::*;

pub use asking::Asking;
pub use device::Device;
pub use keeping::Keeping;
pub use maps::Maps;
pub use pencil::{Pencil, Tool, WIDEST};
pub use pixels::Pixels;
pub use planning::Planning;
pub use run::{Comparison, Training};
pub use task::Task;

use crate::contour::Choice;
use crate::edit::Edits;
use crate::lab::{Catalogue, Cohort, Overview};
use crate::loss::Params;
use crate::nifti::Plane;
use crate::page::{Layers, Predictions, Study, Window};
use crate::plan::engine::{Choice as Engine, Graphics, Wishes, choose};
use crate::train::SliceOfSubject;
use crate::ui::ground::engine::{Link, Studio, asked_processor};
use crate::ui::ground::files::Picked;

/// Every signal that more than one panel needs; copied freely, provided as context.
#[derive(Clone, Copy)]
pub struct State {
    /// The way to what reads files and trains.
    pub engine: StoredValue<Link, LocalStorage>,
    /// The way to what paints and explains.
    pub studio: StoredValue<Studio, LocalStorage>,
    /// The studio's graphics device, or why there is none.
    pub device: RwSignal<Device>,
    /// What was last known of the graphics adapter: it outlives a device that is opened again.
    pub graphics: RwSignal<Graphics>,
    /// Who is to compute runs, as the address and the visitor wish.
    pub wishes: RwSignal<Wishes>,
    /// Who does; `None` until that is known.
    pub computes: Memo<Option<Engine>>,
    /// What draws, in words.
    pub adapter: RwSignal<String>,
    /// What the graphics adapter calls itself.
    pub adapter_name: RwSignal<String>,
    /// Which variant in the address is not known.
    pub variant_fault: RwSignal<Option<String>>,
    /// The study on screen; the previous one stays until the next is good.
    pub study: RwSignal<Option<Arc<Study>>>,
    /// The strokes over its labels, and the one under way.
    pub edits: RwSignal<Edits>,
    /// The subjects that are open, and all that is decided about them; see [`edit`](super::study::edit).
    pub cohort: RwSignal<Option<Arc<Cohort>>>,
    /// The last cohort that was left with strokes on it.
    pub left: RwSignal<Option<Arc<Cohort>>>,
    /// The samples on offer.
    pub samples: RwSignal<Catalogue>,
    /// The visitor's files that leave a question open.
    pub intake: RwSignal<Option<Overview>>,
    /// The engine holds the files of the open cohort, to be changed once more.
    pub opened: RwSignal<bool>,
    /// The files of both, as the browser holds them.
    pub files: StoredValue<Vec<Picked>, LocalStorage>,
    /// What the page is busy with, or what went wrong with it.
    pub task: RwSignal<Task>,
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
    /// What is meant by the contour. May be invalid: ask `validate()`.
    pub contour: RwSignal<Choice>,
    /// What the loss weighs. May be invalid: ask `validate()`.
    pub loss: RwSignal<Params>,
    /// What the network says; written by the training panel, drawn by the viewer.
    pub predictions: RwSignal<Predictions>,
    /// What the loss says of each pixel.
    pub pixels: Pixels,
    /// What follows from the above.
    pub maps: Maps,
}

impl State {
    #[expect(clippy::new_without_default, reason = "made once, by the page's frame")]
    pub fn new() -> Self {
        let graphics = RwSignal::new(Graphics::Sought);
        let wishes = RwSignal::new(Wishes {
            address: asked_processor(),
            visitor: None,
        });
        let computes = Memo::new(move |_| graphics.with(|graphics| choose(graphics, wishes.get())));
        Self {
            graphics,
            wishes,
            computes,
            studio: StoredValue::new_local(Studio::open()),
            engine: StoredValue::new_local(Link::open("engine")),
            device: RwSignal::new(Device::Opening),
            adapter: RwSignal::new("Looking for a graphics adapter".into()),
            adapter_name: RwSignal::new(String::new()),
            variant_fault: RwSignal::new(None),
            study: RwSignal::new(None),
            edits: RwSignal::new(Edits::new(Arc::default())),
            cohort: RwSignal::new(None),
            left: RwSignal::new(None),
            samples: RwSignal::new(Catalogue::new()),
            intake: RwSignal::new(None),
            opened: RwSignal::new(false),
            files: StoredValue::new_local(Vec::new()),
            task: RwSignal::new(Task::Idle),
            settled: RwSignal::new(false),
            plane: RwSignal::new(Plane::Axial),
            cursor: RwSignal::new([0; 3]),
            window: RwSignal::new(Window::SOFT_TISSUE),
            layers: RwSignal::new(Layers::default()),
            visible: RwSignal::new(u32::MAX),
            opacities: RwSignal::new([u8::MAX; 32]),
            selected: RwSignal::new(None),
            contour: RwSignal::new(Choice::default()),
            loss: RwSignal::new(Params::default()),
            predictions: RwSignal::new(Predictions::new()),
            pixels: Pixels::new(),
            maps: Maps::new(),
        }
    }

    /// The page's state, from anywhere below [`App`](super::app::App).
    pub fn get() -> Self {
        expect_context()
    }

    /// Says so, once: see [`State::settled`].
    pub fn settle(self) {
        if !self.settled.get_untracked() {
            self.settled.set(true);
        }
    }

    /// The axial slice under the crosshair.
    pub fn axial_slice(self) -> SliceOfSubject {
        SliceOfSubject(self.cursor.get_untracked()[2])
    }

    pub fn engine(self) -> Link {
        self.engine.get_value()
    }

    pub fn studio(self) -> Studio {
        self.studio.get_value()
    }
}
