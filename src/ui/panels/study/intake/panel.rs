//! Asks about files that leave something open, and says of many what was paired with what.

use leptos::prelude::*;

use super::hand::Hand;
use crate::engine::Request;
use crate::lab::cohort::Frames;
use crate::lab::{Overview, Roles, Settling, Shared};
use crate::nifti::{Remedy, Severity};
use crate::page::{bytes, counted};
use crate::ui::services::opening::{accept, settle};
use crate::ui::store::{Compute, State};

#[component]
pub fn IntakePanel(state: State) -> impl IntoView {
    let intake = state.data.intake;
    let cancel = move |_| {
        state.data.intake.set(None);
        state.compute.engine().tell(Request::Dismiss);
    };
    let body = move |intake: &Overview| {
        let ready = intake.ready();
        let action = match (ready, intake.subjects.len()) {
            (_, 0 | 1) => "Open this pair".to_owned(),
            (ready, all) if ready < all => format!("Open {ready} of {all} subjects"),
            (ready, _) => format!("Open {ready} subjects"),
        };
        let by_content = intake.roles.is_some();
        view! {
            <aside class="intake" aria-label="Your files" role="region">
                <h2>"Your files"</h2>
                {match &intake.roles {
                    Some(found) => roles(found).into_any(),
                    None => paired(intake).into_any(),
                }}
                <ul class="intake__findings">
                    {intake.shared.iter().cloned().map(|shared| view! { <FindingRow state shared/> }).collect_view()}
                    {intake.remarks.iter().cloned()
                        .map(|text| view! { <li class="finding">{text}</li> }).collect_view()}
                </ul>
                <Changes state changes=intake.changes.clone()/>
                {(intake.frames > 1).then(|| view! { <FrameChoice compute=state.compute frames=intake.frames/> })}
                {(!by_content).then(|| view! { <Hand state assignments=intake.assignments.clone()/> })}
                <div class="intake__actions">
                    <button class="button button--primary" disabled=ready == 0 on:click=move |_| accept(state)>{action}</button>
                    {by_content.then(|| view! {
                        <button class="button" on:click=move |_| settle(state, Settling::Swap)>"Swap image and label"</button>
                    })}
                    <button class="button" on:click=cancel>"Cancel"</button>
                </div>
            </aside>
        }
    };
    move || intake.with(|intake| intake.as_ref().map(body))
}

/// Image and label of one subject.
fn roles(found: &Roles) -> impl IntoView + use<> {
    let role = |role: &'static str, name: Option<String>| {
        let name = name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "none".into());
        view! { <li><span class="muted">{role}</span> {name}</li> }
    };
    view! {
        <ul class="intake__roles">
            {role("Image", Some(found.images.join(", ")))}
            {role("Reference labels", found.label.clone())}
        </ul>
        <p class="muted">{found.reason.clone()}</p>
    }
}

/// What was paired with what, and what was left over.
fn paired(intake: &Overview) -> impl IntoView + use<> {
    let channels = intake
        .pairing
        .groups
        .first()
        .map_or(0, |group| group.channels.len());
    let summary = format!(
        "{} with {} and a label each; {} in memory, as the files store them. {} left over.",
        counted(intake.pairing.groups.len(), "subject"),
        counted(channels, "channel"),
        bytes(intake.bytes),
        counted(intake.pairing.left_over.len(), "file"),
    );
    let file = |number: usize| {
        let path = intake.assignments.get(number).map_or("", |one| one.path.as_str());
        path.rsplit('/').next().unwrap_or(path).to_owned()
    };
    let row = |group: &crate::nifti::Group| {
        let images: Vec<String> = group
            .channels
            .iter()
            .map(|(name, number)| {
                if name.is_empty() {
                    file(*number)
                } else {
                    format!("{name}: {}", file(*number))
                }
            })
            .collect();
        let subject = intake.subjects.iter().find(|(name, _)| *name == group.subject);
        let state = subject.map_or(
            "not read",
            |(_, is_ready)| {
                if *is_ready { "ready" } else { "to be settled" }
            },
        );
        view! {
            <tr>
                <th scope="row">{group.subject.clone()}</th>
                <td>{images.join(", ")}</td>
                <td>{file(group.label)}</td>
                <td>{state}</td>
            </tr>
        }
    };
    let rows = intake.pairing.groups.iter().map(row).collect_view();
    let left = intake.pairing.left_over.iter().map(|left| {
        let path = intake
            .assignments
            .get(left.file)
            .map(|one| one.path.clone())
            .unwrap_or_default();
        view! { <li><span class="intake__path">{path}</span>": "{left.why.clone()}</li> }
    });
    let left = left.collect_view();
    let count = intake.pairing.left_over.len();
    view! {
        <p>{summary}</p>
        <details class="aside" open=true>
            <summary>"What was paired with what"</summary>
            <div class="intake__scroll">
                <table class="plain" aria-label="Pairs">
                    <thead>
                        <tr><th scope="col">"Subject"</th><th scope="col">"Image"</th><th scope="col">"Label"</th><th scope="col">"State"</th></tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
        {(count > 0).then(|| view! {
            <details class="aside">
                <summary>{format!("Left over ({count})")}</summary>
                <ul class="intake__scroll" aria-label="Left over">{left}</ul>
            </details>
        })}
    }
}

#[component]
fn FindingRow(state: State, shared: Shared) -> impl IntoView {
    let (class, word) = match shared.severity {
        Severity::Blocker => ("finding finding--blocker", "To be settled: "),
        Severity::Warning => ("finding finding--warning", "Look at this: "),
        Severity::Note => ("finding", ""),
    };
    let fault = shared.fault;
    let button = move |remedy: Remedy| {
        let apply = move |_| settle(state, Settling::Remedy(fault, remedy));
        view! { <button class="button" on:click=apply>{remedy.action()}</button> }
    };
    let also = (shared.subjects > 1).then(|| {
        format!(
            " So it is, with numbers of their own, in {} subjects.",
            shared.subjects
        )
    });
    view! {
        <li class=class>
            <strong>{word}</strong>{shared.sentence}{also}
            <span class="finding__remedies">{shared.remedies.into_iter().map(button).collect_view()}</span>
        </li>
    }
}

#[component]
fn Changes(state: State, changes: Vec<(Remedy, usize)>) -> impl IntoView {
    let row = move |(remedy, count): (Remedy, usize)| {
        let undo = move |_| settle(state, Settling::Undo(remedy));
        let name = format!("Undo: {}", remedy.action());
        view! {
            <li class="finding">
                {remedy.action()}": done for "{counted(count, "subject")}". "
                <button class="button" aria-label=name on:click=undo>"Undo"</button>
            </li>
        }
    };
    (!changes.is_empty()).then(|| {
        view! { <ul class="intake__findings" aria-label="Changes">{changes.into_iter().map(row).collect_view()}</ul> }
    })
}

/// Files with several volumes in a row.
#[component]
fn FrameChoice(compute: Compute, frames: usize) -> impl IntoView {
    let choose = move |event| {
        let frames = match event_target_value(&event).parse::<usize>() {
            Ok(frame) => Frames::One(frame),
            Err(_) => Frames::Channels,
        };
        // Nothing that the panel shows depends on it: what is chosen stays in the control.
        compute.engine().tell(Request::Settle(Settling::Frames(frames)));
    };
    let one = |frame: usize| view! { <option value=frame.to_string()>{format!("Volume {} alone", frame + 1)}</option> };
    view! {
        <label class="intake__frames">
            <span>{format!("An image file holds {frames} volumes. Use")}</span>
            <select aria-label="Volumes of a file" on:change=choose>
                {(0..frames).map(one).collect_view()}
                <option value="channels">"all of them, as channels"</option>
            </select>
        </label>
    }
}
