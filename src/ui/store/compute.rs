//! What computes: the graphics device, and the ways to engine and studio.

use leptos::prelude::*;

use super::Device;
use crate::plan::engine::{Choice, Graphics, Wishes, choose};
use crate::ui::ground::engine::{Link, Studio, asked_processor};

/// What computes: the graphics device, and the ways to engine and studio. Copied freely.
#[derive(Clone, Copy)]
pub struct Compute {
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
    pub computes: Memo<Option<Choice>>,
    /// What draws, in words.
    pub adapter: RwSignal<String>,
    /// What the graphics adapter calls itself.
    pub adapter_name: RwSignal<String>,
    /// Which variant in the address is not known.
    pub variant_fault: RwSignal<Option<String>>,
}

impl Compute {
    pub fn new() -> Self {
        let graphics = RwSignal::new(Graphics::Sought);
        let wishes = RwSignal::new(Wishes {
            address: asked_processor(),
            visitor: None,
        });
        let computes = Memo::new(move |_| graphics.with(|graphics| choose(graphics, wishes.get())));
        Self {
            engine: StoredValue::new_local(Link::open("engine")),
            studio: StoredValue::new_local(Studio::open()),
            device: RwSignal::new(Device::Opening),
            graphics,
            wishes,
            computes,
            adapter: RwSignal::new("Looking for a graphics adapter".into()),
            adapter_name: RwSignal::new(String::new()),
            variant_fault: RwSignal::new(None),
        }
    }

    pub fn engine(self) -> Link {
        self.engine.get_value()
    }

    pub fn studio(self) -> Studio {
        self.studio.get_value()
    }
}
