//! Dice of each class over the steps.

use std::sync::Arc;

use leptos::prelude::*;

use crate::lab::{History, Series, Validation};
use crate::metrics::mean_dice;
use crate::page::Study;
use crate::ui::parts::chart::palette::Paint;
use crate::ui::parts::chart::{Chart, Curve, Style};
use crate::ui::store::{State, Training};

/// What a curve takes from a validation.
type Read = Arc<dyn Fn(&Validation) -> Option<f64> + Send + Sync>;

#[component]
pub fn DiceCurves(training: Training, state: State) -> impl IntoView {
    let history = training.history;
    let pointed = RwSignal::new(None::<u64>);
    let style = Memo::new(move |_| {
        let (visible, selected) = (state.view.visible.get(), state.view.selected.get());
        state
            .data
            .study
            .with(|study| study.as_deref().map(|study| style(study, visible, selected)))
            .unwrap_or(Style {
                curves: Vec::new(),
                log: false,
                range: Some([0.0, 1.0]),
            })
    });
    let count = Memo::new(move |_| history.with(|history| history.validation.len()));
    let drawn = move || match count.get() {
        1 => "1 validation drawn.".into(),
        count => format!("{count} validations drawn."),
    };
    let name = Signal::derive(move || {
        format!(
            "Dice curves over the steps: each class in its colour, the mean bold. {}",
            drawn()
        )
    });
    view! {
        <div class="curves">
            <div class="curves__head"><h3>"Dice on the validation slices"</h3></div>
            <Chart name style history pointed/>
            <Legend history pointed state/>
            <p class="note">
                {drawn}
                " The boxes and names of the class table (What is in the label?) hide a class here too, or make its curve bold."
            </p>
        </div>
    }
}

fn style(study: &Study, visible: u32, selected: Option<u8>) -> Style {
    let class = |k: usize| Curve {
        series: Series::ClassDice(k),
        paint: Paint::Class(study.classes[k].color),
        width_px: if selected == Some(k as u8) { 3.0 } else { 1.25 },
        dashed: false,
        shown: visible >> k & 1 == 1,
    };
    let mean = Curve {
        series: Series::MeanDice,
        paint: Paint::Token("--ink"),
        width_px: 3.0,
        dashed: false,
        shown: true,
    };
    Style {
        curves: (1..study.classes.len()).map(class).chain([mean]).collect(),
        log: false,
        range: Some([0.0, 1.0]),
    }
}

/// Each class with its colour and its Dice at the step under the pointer, else the last one.
#[component]
fn Legend(history: RwSignal<History>, pointed: RwSignal<Option<u64>>, state: State) -> impl IntoView {
    let now = Memo::new(move |_| {
        history.with(|history| {
            let step = pointed.get().unwrap_or(u64::MAX);
            let pass = history.validation.iter().rev().find(|pass| pass.step <= step);
            pass.cloned()
        })
    });
    let when = move || now.with(|pass| pass.as_ref().map(|pass| format!("After step {}", pass.step)));
    let figure = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.4}"));
    let item = move |color: String, name: String, read: Read| {
        let value = move || figure(now.with(|pass| pass.as_ref().and_then(|pass| read(pass))));
        view! {
            <li>
                <span class="legend__swatch" style:background=color></span>
                <span class="legend__name">{name}</span>
                <span class="figure">{value}</span>
            </li>
        }
    };
    let items = move || {
        let study = state.data.study.get()?;
        let classes = study.classes.iter().enumerate().skip(1).map(|(k, class)| {
            let [r, g, b] = class.color;
            let read = move |pass: &Validation| pass.overlaps.get(k)?.outcome().dice();
            item(format!("rgb({r} {g} {b})"), class.name.clone(), Arc::new(read))
        });
        let mean = item(
            "var(--ink)".into(),
            "mean".into(),
            Arc::new(|pass: &Validation| mean_dice(&pass.overlaps)),
        );
        Some((mean, classes.collect_view()))
    };
    view! {
        <p class="legend__when note">{move || when().unwrap_or_else(|| "Not measured yet".into())}</p>
        <ul class="legend" aria-label="Dice of each class">{items}</ul>
    }
}
