//! Setting right by hand what names do not say: whose file it is, and as what.

use leptos::prelude::*;

use crate::nifti::{Assignment, Role};
use crate::ui::services::opening::pair_again;
use crate::ui::store::State;

#[component]
pub fn Hand(state: State, assignments: Vec<Assignment>) -> impl IntoView {
    let edited = StoredValue::new(assignments.clone());
    let row = move |(number, assignment): (usize, Assignment)| {
        let Assignment { path, subject, role } = assignment;
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        let (kind, channel) = match &role {
            Role::Channel(channel) => ("image", channel.clone()),
            Role::Label => ("label", String::new()),
            Role::Unused => ("unused", String::new()),
        };
        let typed = RwSignal::new(channel.clone());
        let kind_now = RwSignal::new(kind);
        let store = move || {
            let role = match kind_now.get_untracked() {
                "image" => Role::Channel(typed.get_untracked()),
                "label" => Role::Label,
                _ => Role::Unused,
            };
            edited.update_value(|all| all[number].role = role);
        };
        let set_kind = move |event| {
            kind_now.set(match event_target_value(&event).as_str() {
                "image" => "image",
                "label" => "label",
                _ => "unused",
            });
            store();
        };
        let set_channel = move |event| {
            typed.set(event_target_value(&event).trim().to_owned());
            store();
        };
        let set_subject = move |event| {
            let subject = event_target_value(&event).trim().to_owned();
            edited.update_value(|all| all[number].subject = subject);
        };
        let option = |value: &'static str, text: &'static str| view! { <option value=value selected=value == kind>{text}</option> };
        view! {
            <tr>
                <th scope="row" title=path>{name.clone()}</th>
                <td>
                    <input type="text" aria-label=format!("Subject of {name}") prop:value=subject on:change=set_subject/>
                </td>
                <td>
                    <select aria-label=format!("Role of {name}") on:change=set_kind>
                        {option("image", "Image")}
                        {option("label", "Label")}
                        {option("unused", "Leave out")}
                    </select>
                </td>
                <td>
                    <input
                        type="text" aria-label=format!("Channel of {name}") prop:value=channel
                        disabled=move || kind_now.get() != "image" on:change=set_channel
                    />
                </td>
            </tr>
        }
    };
    let again = move |_| pair_again(state, edited.get_value());
    view! {
        <details class="aside">
            <summary>"Pair by hand"</summary>
            <p class="note">
                "Files with one subject's name belong together: one label, and one image for each channel. All subjects need \
                 the same channels."
            </p>
            <div class="intake__scroll">
                <table class="plain" aria-label="Files">
                    <thead>
                        <tr><th scope="col">"File"</th><th scope="col">"Subject"</th><th scope="col">"Is"</th><th scope="col">"Channel"</th></tr>
                    </thead>
                    <tbody>{assignments.into_iter().enumerate().map(row).collect_view()}</tbody>
                </table>
            </div>
            <button class="button" on:click=again>"Pair again"</button>
        </details>
    }
}
