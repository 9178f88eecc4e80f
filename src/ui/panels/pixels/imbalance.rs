//! What the loss does to imbalance: each class's part of pixels, contour, weight and gradient, on one axis.

use std::sync::Arc;

use leptos::prelude::*;

use crate::loss::{Portion, label_portions, portions};
use crate::page::Study;
use crate::ui::parts::Segmented;
use crate::ui::store::State;

/// The left end of the axis.
const LOWEST: f64 = 1e-4;
/// A class below this part of the pixels is a small one.
const SMALL: f64 = 0.01;
const TICKS: [(f64, &str); 5] = [
    (1e-4, "0.01 %"),
    (1e-3, "0.1"),
    (1e-2, "1"),
    (1e-1, "10"),
    (1.0, "100 %"),
];

/// A quantity that classes share.
struct Mark {
    name: &'static str,
    class: &'static str,
    read: fn(&Portion) -> Option<f64>,
}

const MARKS: [Mark; 4] = [
    Mark {
        name: "pixels",
        class: "mark mark--pixels",
        read: |of| Some(of.pixels),
    },
    Mark {
        name: "contour",
        class: "mark mark--contour",
        read: |of| Some(of.contour),
    },
    Mark {
        name: "weight",
        class: "mark mark--weight",
        read: |of| of.weight,
    },
    Mark {
        name: "gradient",
        class: "mark mark--gradient",
        read: |of| of.gradient,
    },
];

#[component]
pub fn Imbalance() -> impl IntoView {
    let state = State::get();
    let wants_slice = RwSignal::new(true);
    let is_told = Memo::new(move |_| state.pixels.told.with(Option::is_some));
    let of_slice = Memo::new(move |_| is_told.get() && wants_slice.get());
    let shares = Memo::new(move |_| -> Vec<Portion> {
        if of_slice.get() {
            let told = state.pixels.told.get();
            return told.map_or_else(Vec::new, |told| portions(&told.asked.given, &told.explained));
        }
        let (extents, loss) = (state.maps.extents.get(), state.objective.loss.get());
        if !extents.is_complete() || loss.validate(extents.classes.len()).is_err() {
            return Vec::new();
        }
        label_portions(&extents.classes, &loss)
    });
    let rows = move || {
        let study = state.data.study.get()?;
        let shares = shares.get();
        let rows = (0..study.classes.len().min(shares.len())).filter(|k| shares[*k].pixels > 0.0);
        Some(rows.map(|k| row(&study, k, &shares[k])).collect_view())
    };
    let tick = |(at, name): (f64, &'static str)| {
        view! { <span class="shares__tick" style:left=percent(place(at))>{name}</span> }
    };
    view! {
        <h3>"Who counts how much?"</h3>
        <Segmented
            name="Of" options=vec![(true, "This slice"), (false, "The whole label")]
            value=of_slice set=move |choice| wants_slice.set(choice)
        />
        <p class="shares__headline" aria-live="polite">{move || shares.with(|shares| headline(shares))}</p>
        <ul class="shares__legend">
            {MARKS.iter().map(|mark| view! { <li><span class=mark.class></span>{mark.name}</li> }).collect_view()}
        </ul>
        <div class="shares" aria-hidden="true">
            {rows}
            <div class="shares__row">
                <span></span>
                <span class="shares__track shares__axis">{TICKS.map(tick).collect_view()}</span>
            </div>
        </div>
        <details class="aside">
            <summary>"The numbers, and where they come from"</summary>
            <Numbers shares/>
            <p class="note">
                "Each column adds up to 100 %. Pixels: by their true class. Contour: contour pixels of the class over those of \
                 all classes. Weight: Σ w·a over the pixels of the class, where w is the weight map and a the class weight; a \
                 loss without a pixel term has none. Gradient: Σ |∂L/∂z| over the pixels of the class, ∂L/∂z taken over all \
                 logits of the pixel: how hard the class pulls at the network at this very step. The axis is logarithmic."
            </p>
        </details>
    }
}

fn row(study: &Arc<Study>, class: usize, portion: &Portion) -> impl IntoView + use<> {
    let known = &study.classes[class];
    let [r, g, b] = known.color;
    let known_marks: Vec<(&'static str, f64)> = MARKS
        .iter()
        .filter_map(|mark| Some((mark.class, (mark.read)(portion)?)))
        .filter(|(_, share)| *share > 0.0)
        .collect();
    let ends = known_marks.iter().map(|(_, share)| place(*share));
    let (low, high) = ends.fold((1.0_f64, 0.0_f64), |(low, high), at| (low.min(at), high.max(at)));
    let marks = known_marks
        .iter()
        .map(|(class, share)| view! { <span class=*class style:left=percent(place(*share))></span> })
        .collect_view();
    view! {
        <div class="shares__row">
            <span class="shares__name">
                <span class="classes__swatch" style:background=format!("rgb({r} {g} {b})")></span>
                {known.name.clone()}
            </span>
            <span class="shares__track">
                <span class="shares__span" style:left=percent(low) style:width=percent((high - low).max(0.0))></span>
                {marks}
            </span>
        </div>
    }
}

#[component]
fn Numbers(shares: Memo<Vec<Portion>>) -> impl IntoView {
    let state = State::get();
    let rows = move || {
        let study = state.data.study.get()?;
        let row = |(k, portion): (usize, Portion)| {
            let cells = MARKS.iter().map(
                |mark| view! { <td class="figure">{(mark.read)(&portion).map_or("–".into(), figure)}</td> },
            );
            let name = study.classes.get(k).map(|class| class.name.clone());
            view! { <tr><th scope="row">{name}</th>{cells.collect_view()}</tr> }
        };
        Some(shares.get().into_iter().enumerate().map(row).collect_view())
    };
    let head = |mark: &Mark| view! { <th scope="col" class="figure">{mark.name}</th> };
    view! {
        <table class="terms" aria-label="What each class has of everything">
            <thead><tr><th scope="col">"Class"</th>{MARKS.iter().map(head).collect_view()}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The point of it all, in a sentence: what the small classes have.
fn headline(shares: &[Portion]) -> String {
    let there = |of: &&Portion| of.pixels > 0.0;
    let small: Vec<&Portion> = shares
        .iter()
        .skip(1)
        .filter(there)
        .filter(|of| of.pixels < SMALL)
        .collect();
    let (who, of) = if small.is_empty() {
        (
            "The classes other than background".to_owned(),
            shares.iter().skip(1).filter(there).collect(),
        )
    } else if small.len() == 1 {
        ("The one class below 1 % of the pixels".to_owned(), small)
    } else {
        (
            format!("The {} classes below 1 % of the pixels", small.len()),
            small,
        )
    };
    if of.is_empty() {
        return String::new();
    }
    let parts = MARKS.iter().filter_map(|mark| {
        let sum: Option<f64> = of.iter().map(|portion| (mark.read)(portion)).sum();
        let which = if mark.name == "pixels" {
            "pixels"
        } else {
            mark.name
        };
        Some(format!("{} of the {which}", figure(sum?)))
    });
    let parts: Vec<String> = parts.collect();
    let (last, first) = match parts.split_last() {
        Some((last, first)) if !first.is_empty() => (last, first.join(", ")),
        _ => return String::new(),
    };
    let (have, of_them) = if of.len() == 1 {
        ("has", "")
    } else {
        ("have", " together")
    };
    format!("{who}{of_them} {have} {first} and {last}.")
}

fn figure(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        10.0.. => format!("{percent:.1} %"),
        0.1.. => format!("{percent:.2} %"),
        0.0 => "0 %".into(),
        _ => format!("{percent:.3} %"),
    }
}

/// Where a share lies on the axis, from 0 to 1.
fn place(share: f64) -> f64 {
    ((share / LOWEST).log10() / -LOWEST.log10()).clamp(0.0, 1.0)
}

fn percent(part: f64) -> String {
    format!("{:.2}%", 100.0 * part)
}
