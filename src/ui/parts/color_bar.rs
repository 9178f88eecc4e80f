//! What the heat map's colours mean.

use std::sync::Arc;

use leptos::prelude::*;

use super::Bar;
use crate::loss::Share;
use crate::page::{Drawn, figure, trim, weight_ends};
use crate::ui::store::{Data, Objective, View};

/// The colours of the weight map with their numbers, and where the two weights that occur lie on it.
#[component]
pub fn ColorBar(objective: Objective, view: View) -> impl IntoView {
    let stretch = Memo::new(move |_| view.layers.with(|layers| layers.stretch));
    let marks = Signal::derive(move || {
        objective.loss.with(|loss| {
            let weighting = loss.weighting::<f32>();
            let [low, high] = weight_ends(loss, stretch.get());
            let mark = |(weight, place): (f32, &str)| {
                let part = (weight - low) / (high - low);
                (part, format!("{} {place}", trim(f64::from(weight))))
            };
            weighting.legend().into_iter().map(mark).collect()
        })
    });
    view! {
        <Bar
            name=Signal::stored("Colours of the weight map".to_owned())
            title=Signal::stored("Weight of a pixel".to_owned())
            colors=heat_colors(view) marks=marks
        />
    }
}

/// The colours of the probability of a class.
#[component]
pub fn ProbabilityBar(data: Data, view: View) -> impl IntoView {
    let title = Signal::derive(move || {
        let class = usize::from(view.layers.with(|layers| layers.probability_of));
        let name = data
            .study
            .with(|study| Some(study.as_ref()?.classes.get(class)?.name.clone()));
        format!("p({}) = softmax of the logits", name.unwrap_or_default())
    });
    let marks = [0.0, 0.5, 1.0].map(|part: f32| (part, part.to_string()));
    view! {
        <Bar
            name=Signal::stored("Colours of the probability".to_owned())
            title=title colors=heat_colors(view) marks=Signal::stored(marks.to_vec())
        />
    }
}

/// The colours of whatever is drawn as a heat map.
fn heat_colors(view: View) -> Signal<Arc<[u32]>> {
    Signal::derive(move || view.layers.with(|layers| layers.heat_colors).colors())
}

/// The colours of the map of the loss that is drawn.
#[component]
pub fn LossBar(drawn: Memo<Option<Drawn>>) -> impl IntoView {
    let title = Signal::derive(move || {
        drawn.with(|drawn| {
            drawn.as_ref().map_or(String::new(), |drawn| match drawn.share {
                Share::Total => "Loss of a pixel (share of L × pixels)".into(),
                Share::Gradient => "|∂L/∂z| of a pixel (× pixels)".into(),
                _ => format!("{} of a pixel (share of L × pixels)", drawn.name),
            })
        })
    });
    let marks = Signal::derive(move || {
        drawn.with(|drawn| {
            drawn
                .as_ref()
                .map_or(Vec::new(), |drawn| ends_and_zero(drawn.ends))
        })
    });
    let view: View = expect_context();
    view! {
        <Bar
            name=Signal::stored("Colours of the loss".to_owned())
            title=title colors=heat_colors(view) marks=marks
        />
    }
}

/// Both ends, where the last colour stands for more as well, and between them 0 or the middle.
pub fn ends_and_zero([low, high]: [f32; 2]) -> Vec<(f32, String)> {
    let zero = -low / (high - low);
    // Texts nearer than that would touch.
    let (part, value) = if (0.25..=0.75).contains(&zero) {
        (zero, 0.0)
    } else {
        (0.5, low + (high - low) / 2.0)
    };
    let number = |value: f32| figure(f64::from(value));
    vec![
        (0.0, number(low)),
        (part, number(value)),
        (1.0, format!("≥ {}", number(high))),
    ]
}
