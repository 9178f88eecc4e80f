//! The loss and its terms over the steps.

use leptos::prelude::*;

use super::explain::Explain;
use super::table::LossRecords;
use crate::lab::{History, Series, Validation};
use crate::loss::{Params, Terms};
use crate::ui::parts::Segmented;
use crate::ui::parts::chart::palette::Paint;
use crate::ui::parts::chart::{Chart, Curve, Style};
use crate::ui::store::{State, Training};

/// A term with its curves.
#[derive(Clone, Copy)]
struct Term {
    /// Which of the definition's names it has; none for the whole.
    named: Option<usize>,
    color: &'static str,
    series: [Series; 2],
    read: fn(&Terms<f64>) -> f64,
}

const TERMS: [Term; 3] = [
    Term {
        named: None,
        color: "--curve-total",
        series: [Series::TrainTotal, Series::ValidationTotal],
        read: |terms| terms.total,
    },
    Term {
        named: Some(0),
        color: "--curve-pixel",
        series: [Series::TrainPixel, Series::ValidationPixel],
        read: |terms| terms.pixel,
    },
    Term {
        named: Some(1),
        color: "--curve-region",
        series: [Series::TrainRegion, Series::ValidationRegion],
        read: |terms| terms.region,
    },
];

/// What the region term is made of; in the table only.
const PARTS: [(usize, fn(&Terms<f64>) -> f64); 2] = [(2, |terms| terms.contour), (3, |terms| terms.rest)];

/// The names of the run's terms; "" for one that its loss does not have.
fn names(training: Training, state: State) -> Memo<[&'static str; 4]> {
    Memo::new(move |_| {
        let of_run = training
            .made
            .with(|made| made.as_ref().map(|made| made.plan.loss.definition()));
        of_run
            .unwrap_or_else(|| state.objective.loss.with(Params::definition))
            .terms
    })
}

#[component]
pub fn LossCurves(training: Training) -> impl IntoView {
    let history = training.history;
    let log = RwSignal::new(false);
    let pointed = RwSignal::new(None::<u64>);
    let names = names(training, State::get());
    let chosen = RwSignal::new([true; 3]);
    let shown = Memo::new(move |_| {
        let (chosen, names) = (chosen.get(), names.get());
        std::array::from_fn(|i| chosen[i] && TERMS[i].named.is_none_or(|named| !names[named].is_empty()))
    });
    let style = Memo::new(move |_| style(log.get(), shown.get()));
    let counts = Memo::new(move |_| history.with(|history| (history.train.len(), history.validation.len())));
    let drawn = move || {
        let (steps, validations) = counts.get();
        let plural = if validations == 1 { "" } else { "s" };
        format!("{steps} steps plotted, {validations} validation{plural}.")
    };
    let name = Signal::derive(move || {
        let terms: Vec<_> = names.get()[..2]
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| format!(", {name}"))
            .collect();
        format!(
            "Loss curves over the steps: total{}; for training (solid) and validation (dashed). {}",
            terms.concat(),
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
            <Values history pointed chosen names/>
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
            width_px: if term.named.is_none() { 2.0 } else { 1.5 },
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
    chosen: RwSignal<[bool; 3]>,
    names: Memo<[&'static str; 4]>,
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
        let name = term.named.map_or("Total", |named| names.get()[named]);
        let on = move || chosen.get()[i];
        let toggle = move |_| chosen.update(|chosen| chosen[i] = !chosen[i]);
        (!name.is_empty()).then(|| view! {
            <tr>
                <th scope="row">
                    <label class="toggle terms__name">
                        <input
                            type="checkbox" aria-label=format!("Draw {name}") prop:checked=on
                            on:change=toggle
                        />
                        <span class="terms__swatch" style:background=format!("var({})", term.color)></span>
                        {name}
                    </label>
                </th>
                {cells(term.read)}
            </tr>
        })
    };
    let part = move |(named, read): (usize, _)| {
        let name = names.get()[named];
        (!name.is_empty())
            .then(|| view! { <tr class="terms__part"><th scope="row">{name}</th>{cells(read)}</tr> })
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
                {move || TERMS.into_iter().enumerate().map(term).collect_view()}
                {move || PARTS.map(part).collect_view()}
            </tbody>
        </table>
    }
}
