//! The gestures and keys, in a dialog that any page's `?` opens.

use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::bindings;
use super::bindings::{Deed, GROUPS, Row, chord, key_words};
use super::viewing::Viewing;
use crate::ui::parts::Toggle;

#[component]
pub fn Help(viewing: Viewing) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let listener = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let held = event.ctrl_key() || event.meta_key() || event.alt_key();
        let key = chord(&event.key(), held, event.shift_key());
        if viewing.single_keys.get_untracked()
            && bindings::by_key(&key) == Some(Deed::Help)
            && !is_typing(&event)
        {
            event.prevent_default();
            viewing.help.set(true);
        }
    });
    on_cleanup(move || listener.remove());
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if viewing.help.get() && !dialog.open() {
            // Fails only where it is open already.
            let _ = dialog.show_modal();
        }
    });
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <button
            class="button help__open" aria-label="Gestures and keys" title="Gestures and keys (?)"
            on:click=move |_| viewing.help.set(true)
        >"?"</button>
        <dialog class="check help" aria-labelledby="help-title" node_ref=dialog on:close=move |_| viewing.help.set(false)>
            <header class="check__head">
                <h2 id="help-title">"Gestures and keys"</h2>
                <button class="button" on:click=close>"Close"</button>
            </header>
            <p class="note">"Keys work while the picture has the focus: click on it, or reach it with Tab. ? works everywhere."</p>
            <Toggle
                name="Keys that are a single character"
                value=viewing.single_keys
                set=move |on| viewing.single_keys.set(on)
            />
            <p class="note">"Switch them off if speech input or accidental key presses trigger them. This browser remembers the setting."</p>
            <div class="check__table">
                <table class="terms help__table" aria-label="Gestures and keys">
                    <thead>
                        <tr>
                            <th scope="col">"What"</th>
                            <th scope="col">"Mouse, pen"</th>
                            <th scope="col">"Touch"</th>
                            <th scope="col">"Keys"</th>
                            <th scope="col">"Control"</th>
                        </tr>
                    </thead>
                    {GROUPS.iter().map(|(question, rows)| group(question, rows)).collect_view()}
                </table>
            </div>
        </dialog>
    }
}

fn group(question: &'static str, rows: &'static [Row]) -> impl IntoView {
    view! {
        <tbody>
            <tr><th scope="rowgroup" colspan="5" class="help__question">{question}</th></tr>
            {rows.iter().map(row).collect_view()}
        </tbody>
    }
}

fn row(row: &'static Row) -> impl IntoView {
    let words = |words: Vec<&'static str>| words.join(", ");
    let key = |(key, _): &(&'static str, Deed)| view! { <kbd>{key_words(key)}</kbd> " " };
    view! {
        <tr>
            <th scope="row">{row.what}</th>
            <td>{words(row.mouse.iter().map(|mouse| mouse.words()).collect())}</td>
            <td>{words(row.touch.iter().map(|touch| touch.words()).collect())}</td>
            <td>{row.keys.iter().map(key).collect_view()}</td>
            <td>{row.control}</td>
        </tr>
    }
}

/// Whether the key goes into a text.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target();
    let field = target
        .as_ref()
        .and_then(|target| target.dyn_ref::<HtmlInputElement>());
    if let Some(field) = field {
        return !["range", "checkbox", "radio", "button", "file"].contains(&field.type_().as_str());
    }
    let element = target.as_ref().and_then(|target| target.dyn_ref::<HtmlElement>());
    element.is_some_and(|element| {
        element.is_content_editable() || ["TEXTAREA", "SELECT"].contains(&element.tag_name().as_str())
    })
}
