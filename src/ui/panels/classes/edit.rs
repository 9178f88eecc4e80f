//! What the numbers of the label files stand for: names, colours, what counts as what. The one table that every panel
//! follows.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::lab::cohort::{Row, SCHEMES, read_label_file, write_label_file};
use crate::page::grouped;
use crate::ui::ground::browser;
use crate::ui::services::opening::edit;
use crate::ui::store::State;

#[component]
pub fn ClassEditor(state: State) -> impl IntoView {
    let rows = Memo::new(move |_| {
        state.data.cohort.with(|cohort| {
            cohort
                .as_ref()
                .map(|cohort| cohort.table.rows().to_vec())
                .unwrap_or_default()
        })
    });
    let count = Memo::new(move |_| rows.with(Vec::len));
    let save = move |_| {
        if let Some(cohort) = state.data.cohort.get_untracked() {
            browser::save("labels.txt", write_label_file(&cohort.table).as_bytes());
        }
    };
    let said = RwSignal::new(String::new());
    let pick = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some((input, file)) = input.and_then(|input| Some((input.clone(), input.files()?.get(0)?)))
        else {
            return;
        };
        spawn_local(async move {
            let text = match browser::read(&file).await {
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let mut taken = 0;
                    edit(state, |cohort| taken = read_label_file(&text, &mut cohort.table));
                    match taken {
                        0 => format!(
                            "{} names none of these values. A label file has lines such as: 1 255 0 0 1 1 1 \"liver\".",
                            file.name()
                        ),
                        taken => format!("{taken} names and colours come from {}.", file.name()),
                    }
                }
                Err(fault) => fault,
            };
            said.set(text);
            input.set_value("");
        });
    };
    view! {
        <details class="aside">
            <summary>"Names, colours, merging"</summary>
            <SchemeChoice state/>
            <div class="data__scroll">
                <table class="plain label-table" aria-label="Label table">
                    <thead>
                        <tr>
                            <th scope="col" class="figure">"Value"</th>
                            <th scope="col">"Colour"</th>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Counts as"</th>
                            <th scope="col" class="figure">"Voxels"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || (1..count.get()).map(|row| view! { <LabelRow state rows row/> }).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="note">
                "The background is a class like any other. What is ignored is none: grey in the picture, it has no contour, no loss \
                 and no score, as if the network had not been asked. Merging or ignoring a class makes another network, so that a \
                 run ends; names and colours change nothing of it. Voxels are of all subjects."
            </p>
            <div class="presets">
                <button class="button" on:click=move |_| edit(state, |cohort| cohort.table.separate())>"All classes apart"</button>
                <label class="button study__pick">
                    "Open ITK-SNAP labels…"
                    <input
                        class="visually-hidden" type="file" accept=".txt,.label" aria-label="Open ITK-SNAP labels" on:change=pick
                    />
                </label>
                <button class="button" on:click=save>"Save ITK-SNAP labels"</button>
            </div>
            <p class="note" role="status" aria-label="Label file">{said}</p>
        </details>
    }
}

/// Known conventions and their views.
#[component]
fn SchemeChoice(state: State) -> impl IntoView {
    let scheme = Memo::new(move |_| {
        let of = state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().and_then(|cohort| cohort.scheme));
        of.and_then(|of| SCHEMES.iter().position(|known| *known == of))
    });
    let choose = move |event| {
        let chosen = event_target_value(&event)
            .parse::<usize>()
            .ok()
            .and_then(|i| SCHEMES.get(i).copied());
        edit(state, |cohort| {
            cohort.scheme = chosen;
            if let Some(chosen) = chosen {
                chosen.apply(&chosen.views[0], &mut cohort.table);
            }
        });
    };
    let option = move |(i, name): (usize, &'static str)| {
        view! { <option value=i.to_string() prop:selected=move || scheme.get() == Some(i)>{name}</option> }
    };
    let views = move || {
        let scheme = SCHEMES[scheme.get()?];
        let button = |view: &'static crate::lab::cohort::View| {
            let take = move |_| edit(state, |cohort| scheme.apply(view, &mut cohort.table));
            view! { <button class="button" on:click=take>{view.name}</button> }
        };
        Some(view! {
            <div class="presets" role="group" aria-label="Views of the labels">
                {scheme.views.iter().map(button).collect_view()}
            </div>
        })
    };
    view! {
        <label class="choice">
            <span>"Convention"</span>
            <select on:change=choose>
                <option value="" prop:selected=move || scheme.get().is_none()>"None that is known here"</option>
                {SCHEMES.iter().map(|scheme| scheme.name).enumerate().map(option).collect_view()}
            </select>
        </label>
        {views}
    }
}

/// The choice that is no row.
const IGNORED: &str = "ignored";

#[component]
fn LabelRow(state: State, rows: Memo<Vec<Row>>, row: usize) -> impl IntoView {
    let now = Memo::new(move |_| rows.with(|rows| rows.get(row).cloned()));
    let value = now.get_untracked().map_or(0, |row| row.value);
    let voxels = state.data.cohort.with_untracked(|cohort| {
        let subjects = cohort.iter().flat_map(|cohort| &cohort.subjects);
        subjects
            .map(|subject| subject.counts.get(row).copied().unwrap_or(0))
            .sum::<usize>()
    });
    let color = move || {
        let [r, g, b] = now.with(|row| row.as_ref().map_or([0; 3], |row| row.color));
        format!("#{r:02x}{g:02x}{b:02x}")
    };
    let name = move || now.with(|row| row.as_ref().map_or_else(String::new, |row| row.name.clone()));
    let set_color = move |event| {
        let text = event_target_value(&event);
        if let Some(number) = text
            .strip_prefix('#')
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        {
            let [_, r, g, b] = number.to_be_bytes();
            edit(state, |cohort| cohort.table.recolor(row, [r, g, b]));
        }
    };
    let rename = move |event| {
        let name = event_target_value(&event);
        edit(state, |cohort| cohort.table.rename(row, &name));
    };
    let count_as = move |event| {
        let chosen = event_target_value(&event);
        edit(state, |cohort| match chosen.parse() {
            Ok(into) => cohort.table.count_as(row, into),
            Err(_) => cohort.table.ignore(row),
        });
    };
    let options = move || {
        let into = now.with(|row| row.as_ref().filter(|row| !row.is_ignored).map(|row| row.into));
        let text = |place: usize, other: &Row| match place {
            0 => "Background".to_owned(),
            place if place == row => "Itself".to_owned(),
            _ => other.name.clone(),
        };
        rows.with(|rows| {
            let option = |(place, other): (usize, &Row)| {
                view! { <option value=place.to_string() prop:selected=Some(place) == into>{text(place, other)}</option> }
            };
            let ignored = view! { <option value=IGNORED prop:selected=into.is_none()>"Nothing (ignored)"</option> };
            (rows.iter().enumerate().map(option).collect_view(), ignored).into_any()
        })
    };
    view! {
        <tr>
            <td class="figure">{value}</td>
            <td><input type="color" aria-label=format!("Colour of {value}") prop:value=color on:change=set_color/></td>
            <td><input type="text" aria-label=format!("Name of {value}") prop:value=name on:change=rename/></td>
            <td><select aria-label=format!("{value} counts as") on:change=count_as>{options}</select></td>
            <td class="figure">{grouped(voxels)}</td>
        </tr>
    }
}
