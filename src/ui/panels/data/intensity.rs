//! What becomes of the values: a window, percentiles or a z-score for each channel, over the image's histogram.

use std::sync::Arc;

use leptos::prelude::*;

use crate::page::{figure, grouped};
use crate::train::{Histogram, Intensity, Normalisation, clipped};
use crate::ui::parts::{Field, Segmented};
use crate::ui::services::opening::edit;
use crate::ui::store::State;

const BINS: usize = 96;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Window,
    Percentiles,
    ZScore,
}

const KINDS: [(Kind, &str); 3] = [
    (Kind::Window, "Window"),
    (Kind::Percentiles, "Percentiles"),
    (Kind::ZScore, "z-score"),
];

/// The same values, not equal ones: names and colours may change around them.
struct Values(Arc<[f32]>);

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

fn kind(normalisation: Normalisation) -> Kind {
    match normalisation {
        Normalisation::Window { .. } => Kind::Window,
        Normalisation::Percentiles { .. } => Kind::Percentiles,
        Normalisation::ZScore { .. } => Kind::ZScore,
    }
}

fn limits(normalisation: Normalisation) -> [f64; 2] {
    let (Normalisation::Window { low, high }
    | Normalisation::Percentiles { low, high }
    | Normalisation::ZScore { low, high }) = normalisation;
    [low, high]
}

fn made(kind: Kind, [low, high]: [f64; 2]) -> Normalisation {
    match kind {
        Kind::Window => Normalisation::Window { low, high },
        Kind::Percentiles => Normalisation::Percentiles { low, high },
        Kind::ZScore => Normalisation::ZScore { low, high },
    }
}

#[component]
pub fn IntensityControls(state: State) -> impl IntoView {
    let channel = Memo::new(move |_| {
        state
            .data
            .study
            .with(|study| study.as_ref().map_or(0, |study| study.channel))
    });
    let now = Memo::new(move |_| {
        state.data.cohort.with(|cohort| {
            let all = cohort.as_ref().map(|cohort| &cohort.normalisations);
            all.and_then(|all| all.get(channel.get()).copied())
                .unwrap_or(Normalisation::Window { low: 0.0, high: 1.0 })
        })
    });
    let set = move |normalisation| {
        let channel = channel.get_untracked();
        edit(state, |cohort| {
            if let Some(own) = cohort.normalisations.get_mut(channel) {
                *own = normalisation;
            }
        });
    };
    let values = Memo::new(move |_| {
        state
            .data
            .study
            .with(|study| study.as_ref().map(|study| Values(Arc::clone(&study.some))))
    });
    let histogram = Memo::new(move |_| values.with(|values| Some(Histogram::of(&values.as_ref()?.0, BINS))));
    let intensity = Memo::new(move |_| values.with(|values| now.get().resolve(&values.as_ref()?.0).ok()));
    let set_kind = move |chosen: Kind| {
        let viewer = state.view.window.get_untracked().rounded().ends().map(f64::from);
        set(made(
            chosen,
            if chosen == Kind::Window {
                viewer
            } else {
                Normalisation::USUAL_PERCENT
            },
        ));
    };
    let end = move |which: usize| {
        move |value: f64| {
            let mut ends = limits(now.get_untracked());
            ends[which] = value;
            set(made(kind(now.get_untracked()), ends));
        }
    };
    let unit = Signal::derive(move || match kind(now.get()) {
        Kind::Window => state
            .data
            .study
            .with(|study| study.as_ref().map_or("", |study| study.unit())),
        Kind::Percentiles | Kind::ZScore => "%",
    });
    let viewer = move |_| {
        let ends = state.view.window.get_untracked().rounded().ends();
        set(made(Kind::Window, ends.map(f64::from)));
    };
    let all_channels = move |_| {
        let own = now.get_untracked();
        edit(state, |cohort| cohort.normalisations.fill(own));
    };
    let title = move || {
        state.data.cohort.with(|cohort| {
            let channels = cohort
                .as_ref()
                .map(|cohort| cohort.channels.clone())
                .unwrap_or_default();
            match channels.get(channel.get()) {
                Some(name) if channels.len() > 1 => format!("Values of channel {name}"),
                _ => "Values".to_owned(),
            }
        })
    };
    let several = move || {
        state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().is_some_and(|cohort| cohort.channels.len() > 1))
    };
    let words = move || {
        let study = state.data.study.get()?;
        let Some(intensity) = intensity.get() else {
            return Some(
                "The lower limit must lie below the upper one, and percentages between 0 and 100.".to_owned(),
            );
        };
        let [below, above] = clipped(&study.some, [intensity.low, intensity.high]).map(|share| 100.0 * share);
        let said = sentence(&intensity, kind(now.get()), study.unit(), [below, above]);
        Some(match study.one_in {
            1 => said,
            every => format!("{said} (Seen here in one of {every} voxels; the run looks at all of them.)"),
        })
    };
    view! {
        <h3>{title}</h3>
        <Segmented name="Normalisation" options=KINDS.to_vec() value=Signal::derive(move || kind(now.get())) set=set_kind/>
        <div class="data__row">
            <Field name="From" value=Signal::derive(move || limits(now.get())[0]) set=end(0) unit=unit/>
            <Field name="To" value=Signal::derive(move || limits(now.get())[1]) set=end(1) unit=unit/>
            <button class="button" on:click=viewer>"Take the viewer's window"</button>
            {move || several().then(|| view! { <button class="button" on:click=all_channels>"Use for all channels"</button> })}
        </div>
        {move || histogram.get().map(|histogram| view! { <Plot histogram intensity/> })}
        <p class="note" aria-label="Normalisation in words" role="note">{words}</p>
    }
}

fn sentence(intensity: &Intensity, kind: Kind, unit: &str, [below, above]: [f64; 2]) -> String {
    let value = |value: f32| {
        format!("{} {unit}", figure(f64::from(value)))
            .trim_end()
            .to_owned()
    };
    let clip = format!(
        "{} % of this subject's voxels lie below {} and {} % above {}; they are clipped.",
        figure(below),
        value(intensity.low),
        figure(above),
        value(intensity.high)
    );
    match kind {
        Kind::ZScore => format!(
            "{clip} Of the voxels that are not 0 the mean, {}, becomes 0 and one standard deviation, {}, becomes 1: \
             z = (v − {}) / {}. Worked out for each subject by itself.",
            value(intensity.zero),
            value(intensity.one - intensity.zero),
            value(intensity.zero),
            value(intensity.one - intensity.zero)
        ),
        Kind::Window => format!("{clip} What is left becomes 0 to 1, alike in all subjects."),
        Kind::Percentiles => {
            format!("{clip} What is left becomes 0 to 1. Worked out for each subject by itself.")
        }
    }
}

/// Bars with the cuts over them.
#[component]
fn Plot(histogram: Histogram, intensity: Memo<Option<Intensity>>) -> impl IntoView {
    let [low, high] = histogram.ends.map(|end| figure(f64::from(end)));
    let most = histogram.counts.iter().max().copied().unwrap_or(0);
    let width = 100.0 / BINS as f32;
    let bar = |(i, height): (usize, f32)| {
        let height = 40.0 * height;
        view! { <rect x=format!("{:.3}", i as f32 * width) y=format!("{:.3}", 40.0 - height) width=format!("{width:.3}") height=format!("{height:.3}")/> }
    };
    let bars = histogram
        .heights()
        .into_iter()
        .enumerate()
        .map(bar)
        .collect_view();
    let cuts = move || {
        let intensity = intensity.get()?;
        let place = |value: f32| 100.0 * histogram.place(value);
        let line = |value: f32, class: &'static str| {
            let x = format!("{:.3}", place(value));
            view! { <line class=class x1=x.clone() x2=x y1="0" y2="40"/> }
        };
        let (from, to) = (place(intensity.low), place(intensity.high));
        let standard = intensity.zero != intensity.low;
        Some(view! {
            <rect class="histogram__kept" x=format!("{from:.3}") y="0" width=format!("{:.3}", (to - from).max(0.0)) height="40"/>
            {line(intensity.low, "histogram__cut")}
            {line(intensity.high, "histogram__cut")}
            {standard.then(|| line(intensity.zero, "histogram__mean"))}
        })
    };
    view! {
        <figure class="histogram">
            <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="Histogram of the values, with the cuts">
                {cuts}
                <g class="histogram__bars">{bars}</g>
            </svg>
            <figcaption>
                <span>{low}</span>
                <span>{format!("Voxels by value; heights are logarithmic, the highest bar has {}", grouped(most))}</span>
                <span>{high}</span>
            </figcaption>
        </figure>
    }
}
