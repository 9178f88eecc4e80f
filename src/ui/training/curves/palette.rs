//! The page's colours for what is drawn by script, and when they change.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{MediaQueryList, MutationObserver, MutationObserverInit};

const NAMES: [&str; 7] = [
    "--ink",
    "--ink-soft",
    "--line",
    "--curve-total",
    "--curve-cross-entropy",
    "--curve-dice",
    "--sheet",
];

/// The values of the page's custom properties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theme {
    pub ink_soft: String,
    pub line: String,
    colors: BTreeMap<&'static str, String>,
}

impl Theme {
    fn now() -> Self {
        let root = document().document_element();
        let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
        let read = |name: &str| {
            let value = style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok());
            value.unwrap_or_default().trim().to_owned()
        };
        Self {
            ink_soft: read("--ink-soft"),
            line: read("--line"),
            colors: NAMES.iter().map(|name| (*name, read(name))).collect(),
        }
    }

    /// The colour itself, or that of a custom property.
    pub fn color<'a>(&'a self, color: &'a str) -> &'a str {
        self.colors.get(color).map_or(color, String::as_str)
    }
}

/// The colours as they are now, and again when the visitor or the system turns to light or dark.
pub fn theme() -> RwSignal<Theme> {
    let theme = RwSignal::new(Theme::now());
    let look = Closure::<dyn Fn()>::new(move || {
        let now = Theme::now();
        if theme.try_with_untracked(|theme| *theme != now) == Some(true) {
            theme.set(now);
        }
    });
    let chosen = MutationObserver::new(look.as_ref().unchecked_ref()).ok();
    if let (Some(chosen), Some(root)) = (&chosen, document().document_element()) {
        let attributes = MutationObserverInit::new();
        attributes.set_attributes(true);
        // Cannot fail: attributes are asked for.
        let _ = chosen.observe_with_options(&root, &attributes);
    }
    let system: Option<MediaQueryList> = window()
        .match_media("(prefers-color-scheme: dark)")
        .ok()
        .flatten();
    if let Some(system) = &system {
        let _ = system.add_event_listener_with_callback("change", look.as_ref().unchecked_ref());
    }
    let held = StoredValue::new_local((look, chosen, system));
    on_cleanup(move || {
        held.try_update_value(|(look, chosen, system)| {
            if let Some(chosen) = chosen {
                chosen.disconnect();
            }
            if let Some(system) = system {
                let _ = system.remove_event_listener_with_callback("change", look.as_ref().unchecked_ref());
            }
        });
    });
    theme
}
