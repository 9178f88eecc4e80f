//! Light, dark, or as the system has it; remembered.

use leptos::prelude::*;

use crate::ui::ground::browser;
use crate::ui::parts::Segmented;

const KEY: &str = "contour-lab.theme";
const CHOICES: [(&str, &str); 3] = [("system", "System"), ("light", "Light"), ("dark", "Dark")];

#[component]
pub fn ThemeChoice() -> impl IntoView {
    let remembered = browser::recall(KEY);
    let known = CHOICES
        .iter()
        .find(|(key, _)| Some(*key) == remembered.as_deref());
    let theme = RwSignal::new(known.map_or("system", |(key, _)| *key));
    Effect::new(move || {
        let theme = theme.get();
        browser::remember(KEY, theme);
        if let Some(root) = document().document_element() {
            // Cannot fail: the attribute's name is legal.
            let _ = root.set_attribute("data-theme", theme);
        }
    });
    view! { <Segmented name="Theme" options=CHOICES.to_vec() value=theme set=move |choice| theme.set(choice)/> }
}
