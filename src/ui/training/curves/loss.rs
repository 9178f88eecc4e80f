//! The loss and its terms over the steps.

use leptos::prelude::*;

use super::chart::{Chart, Curve, Style};
use super::explain::Explain;
use super::palette::Paint;
use super::table::LossRecords;
use crate::lab::{History, Series, Validation};
use crate::loss::Terms;
use crate::ui::training::Training;
use crate::ui::widgets::Segmented;

/// A term with its curves.
#[derive(Clone, Copy)]
struct Term {
    name: &'static str,
    symbol: &'static str,
    color: &'static str,
    series: [Series; 2],
    read: fn(&Terms<f64>) -> f64,
}

const TERMS: [Term; 3] = [
    Term {
        name: "Total",
        symbol: "L",
        color: "--curve-total",
        series: [Series::TrainTotal, Series::ValidationTotal],
        read: |terms| terms.total,
    },
    Term {
        name: "Cross-entropy term",
        symbol: "L_CE",
        color: "--curve-cross-entropy",
        series: [Series::TrainCrossEntropy, Series::ValidationCrossEntropy],
        read: |terms| terms.cross_entropy,
    },
    Term {
        name: "Dice term",
        symbol: "L_SD",
        color: "--curve-dice",
        series: [Series::TrainDice, Series::ValidationDice],
        read: |terms| terms.dice,
    },
];

/// What the Dice term is made of; in the table only.
const PARTS: [(&str, fn(&Terms<f64>) -> f64); 2] = [
    ("D(contour)", |terms| terms.dice_contour),
    ("D(rest)", |terms| terms.dice_noncontour),
];

#[component]
pub fn LossCurves(training: Training) -> impl IntoView {
    let history = training.history;
    let log = RwSignal::new(false);
    let pointed = RwSignal::new(None::<u64>);
    let shown = RwSignal::new([true; 3]);
    let style = Memo::new(move |_| style(log.get(), shown.get()));
    let counts = Memo::new(move |_| history.with(|history| (history.train.len(), history.validation.len())));
    let drawn = move || {
        let (steps, validations) = counts.get();
        let plural = if validations == 1 { "" } else { "s" };
        format!("{steps} steps drawn, {validations} validation{plural}.")
    };
    let name = Signal::derive(move || {
        format!(
            "Loss curves over the steps: total, cross-entropy term and Dice term, for training (solid) and validation (dashed). {}",
            drawn()
        )
    });
    view! {
        <div class="curves">
            <div class="curves__head">
                <h3>"Loss"</h3>
                <Segmented
                    name="Loss axis" options=vec![(false, "Linear"), (true, "Log")] value=log
                    set=move |choice| log.set(choice)
                />
            </div>
            <Chart name style history pointed/>
            <Values history pointed shown/>
            <p class="note">
                {drawn}
                " The loss of a batch is taken before its step changes the weights, so batch 0 and validation 0 show the \
                 weights that the run starts from. Drag across the curves to enlarge a part of a paused run, double-click \
                 to see all."
            </p>
            <LossRecords history/>
            <Explain training/>
        </div>
    }
}

fn style(log: bool, shown: [bool; 3]) -> Style {
    let curves = TERMS.iter().zip(shown).flat_map(|(term, shown)| {
        [false, true].map(|dashed| Curve {
            series: term.series[usize::from(dashed)],
            paint: Paint::Token(term.color),
            width_px: if term.symbol == "L" { 2.0 } else { 1.5 },
            dashed,
            shown,
        })
    });
    Style {
        curves: curves.collect(),
        log,
        range: None,
    }
}

/// The measurements at a step, or the last ones.
fn at(history: &History, step: Option<u64>) -> (Option<(u64, Terms<f64>)>, Option<&Validation>) {
    let Some(step) = step else {
        return (history.train.last().copied(), history.validation.last());
    };
    (
        history.train.get(step as usize).copied(),
        history.validation.iter().rev().find(|pass| pass.step <= step),
    )
}

/// The legend, with the values at the step under the pointer, else the last ones.
#[component]
fn Values(
    history: RwSignal<History>,
    pointed: RwSignal<Option<u64>>,
    shown: RwSignal<[bool; 3]>,
) -> impl IntoView {
    let now = Memo::new(move |_| {
        history.with(|history| {
            let (train, validation) = at(history, pointed.get());
            (train, validation.map(|pass| (pass.step, pass.terms)))
        })
    });
    let figure = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.5}"));
    let cells = move |read: fn(&Terms<f64>) -> f64| {
        view! {
            <td class="figure">{move || figure(now.get().0.map(|(_, terms)| read(&terms)))}</td>
            <td class="figure">{move || figure(now.get().1.map(|(_, terms)| read(&terms)))}</td>
        }
    };
    let term = move |(i, term): (usize, Term)| {
        let on = move || shown.get()[i];
        let toggle = move |_| shown.update(|shown| shown[i] = !shown[i]);
        view! {
            <tr>
                <th scope="row">
                    <label class="toggle terms__name">
                        <input
                            type="checkbox" aria-label=format!("Draw {}", term.name.to_lowercase()) prop:checked=on
                            on:change=toggle
                        />
                        <span class="terms__swatch" style:background=format!("var({})", term.color)></span>
                        {term.name}
                    </label>
                </th>
                {cells(term.read)}
            </tr>
        }
    };
    let part = move |(name, read)| {
        view! { <tr class="terms__part"><th scope="row">{name}</th>{cells(read)}</tr> }
    };
    let batch = move || {
        now.get()
            .0
            .map_or("Training".into(), |(step, _)| format!("Training, batch {step}"))
    };
    let pass = move || {
        now.get().1.map_or("Validation".into(), |(step, _)| {
            format!("Validation, step {step}")
        })
    };
    view! {
        <table class="terms">
            <caption class="visually-hidden">"Losses"</caption>
            <thead>
                <tr>
                    <th scope="col">"Term"</th>
                    <th scope="col" class="figure"><span class="terms__line" aria-hidden="true"></span>{batch}</th>
                    <th scope="col" class="figure">
                        <span class="terms__line terms__line--dashed" aria-hidden="true"></span>{pass}
                    </th>
                </tr>
            </thead>
            <tbody>
                {TERMS.into_iter().enumerate().map(term).collect_view()}
                {PARTS.map(part).collect_view()}
            </tbody>
        </table>
    }
}
