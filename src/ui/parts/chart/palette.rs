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
    "--curve-pixel",
    "--curve-region",
    "--sheet",
];

/// Lines of this luminance have a contrast of 2 : 1 on white.
const BRIGHTEST: f32 = 0.45;
/// Likewise on the dark sheet.
const DIMMEST: f32 = 0.08;
/// How far towards white a colour is taken that is too dim.
const LIFT: f32 = 0.35;

/// Where a colour comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// A custom property such as `--curve-total`.
    Token(&'static str),
    /// sRGB.
    Class([u8; 3]),
}

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

    /// As CSS.
    pub fn css(&self, paint: Paint) -> String {
        match paint {
            Paint::Token(name) => self.colors.get(name).cloned().unwrap_or_default(),
            Paint::Class(color) => {
                let [r, g, b] = legible(color, self.is_dark());
                format!("rgb({r}, {g}, {b})")
            }
        }
    }

    fn is_dark(&self) -> bool {
        let sheet = self.colors.get("--sheet").map_or("", String::as_str);
        let red = sheet.get(1..3).and_then(|red| u8::from_str_radix(red, 16).ok());
        red.is_some_and(|red| red < 128)
    }
}

/// A class's colour, darkened where it would vanish on white, lightened where it would on black.
fn legible(color: [u8; 3], on_dark: bool) -> [u8; 3] {
    let [r, g, b] = color.map(|channel| (f32::from(channel) / 255.0).powf(2.2));
    let luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    if on_dark && luminance < DIMMEST {
        color.map(|channel| channel + ((255 - channel) as f32 * LIFT) as u8)
    } else if !on_dark && luminance > BRIGHTEST {
        let factor = (BRIGHTEST / luminance).powf(1.0 / 2.2);
        color.map(|channel| (f32::from(channel) * factor) as u8)
    } else {
        color
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
