//! From image to prediction: each layer as a small picture, with its switch and its opacity.

use std::sync::Arc;

use leptos::prelude::*;

use super::picture::Picture;
use crate::page::{Layer, Layers, Look, Predictions, Told, Zoom};
use crate::ui::store::State;

/// A layer of the strip.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Labels,
    Contour,
    Weight,
    Loss,
    Prediction,
}

const KINDS: [(Kind, &str, &str); 6] = [
    (Kind::Image, "Image", "Image"),
    (Kind::Labels, "Labels", "Reference labels"),
    (Kind::Contour, "Contour", "Contour map"),
    (Kind::Weight, "Weight", "Weight map"),
    (Kind::Loss, "Loss", "Loss of each pixel"),
    (Kind::Prediction, "Prediction", "Prediction"),
];

#[component]
pub fn Strip(
    layers: RwSignal<Layers>,
    look: Memo<Option<Look>>,
    #[prop(into)] predictions: Signal<Predictions>,
    told: RwSignal<Option<Arc<Told>>>,
) -> impl IntoView {
    let predicted = Memo::new(move |_| predictions.with(|predictions| !predictions.is_empty()));
    let explained = Memo::new(move |_| told.with(Option::is_some));
    let item = move |(kind, short, name): (Kind, &'static str, &'static str)| {
        let waits = move || match kind {
            Kind::Loss => !explained.get(),
            Kind::Prediction => !predicted.get(),
            _ => false,
        };
        view! { <li class="strip__item" class:strip__item--waits=waits><Item kind short name layers look/></li> }
    };
    view! {
        <ol class="strip" aria-label="Layers">{KINDS.map(item).collect_view()}</ol>
    }
}

#[component]
fn Item(
    kind: Kind,
    short: &'static str,
    name: &'static str,
    layers: RwSignal<Layers>,
    look: Memo<Option<Look>>,
) -> impl IntoView {
    let settled = State::get().view.settled;
    let draw = move |canvas, ratio| {
        // The large picture comes first.
        look.with(|look| {
            look.as_ref()
                .filter(|_| settled.get())
                .map(|look| only(kind, look).scene(canvas, Zoom::default(), ratio))
        })
    };
    let shown = Memo::new(move |_| layers.with(|layers| layer(kind, layers).shown));
    let opacity = Memo::new(move |_| layers.with(|layers| layer(kind, layers).opacity));
    let show = move |event| {
        let shown = event_target_checked(&event);
        layers.update(|layers| {
            set_layer(
                kind,
                layers,
                Layer {
                    shown,
                    ..layer(kind, layers)
                },
            )
        });
    };
    let fade = move |event| {
        if let Ok(opacity) = event_target_value(&event).parse() {
            layers.update(|layers| set_layer(kind, layers, Layer { shown: true, opacity }));
        }
    };
    let slider = (kind != Kind::Image).then(|| {
        view! {
            <input
                class="strip__opacity" type="range" min="0.05" max="1" step="0.05"
                aria-label=format!("Opacity of {}", name.to_lowercase())
                prop:value=move || opacity.get().to_string() on:input=fade
            />
        }
    });
    view! {
        <label class="strip__layer" class:strip__layer--shown=shown>
            <span class="strip__picture" data-waits=waits_for(kind)><Picture name=Signal::stored(format!("{name}, small picture")) draw=draw/></span>
            <span class="strip__name">
                <input type="checkbox" aria-label=format!("Show {}", name.to_lowercase()) prop:checked=shown on:change=show/>
                {short}
            </span>
        </label>
        {slider}
    }
}

/// What stands in the place of a picture that there is not yet.
fn waits_for(kind: Kind) -> &'static str {
    match kind {
        Kind::Loss => "needs a prediction",
        _ => "no prediction yet",
    }
}

fn layer(kind: Kind, layers: &Layers) -> Layer {
    match kind {
        Kind::Image => Layer {
            shown: layers.image,
            opacity: 1.0,
        },
        Kind::Labels => layers.labels,
        Kind::Contour => layers.contour,
        Kind::Weight => layers.weight,
        Kind::Loss => layers.loss,
        Kind::Prediction => layers.prediction,
    }
}

fn set_layer(kind: Kind, layers: &mut Layers, layer: Layer) {
    match kind {
        Kind::Image => layers.image = layer.shown,
        Kind::Labels => layers.labels = layer,
        Kind::Contour => layers.contour = layer,
        Kind::Weight => layers.weight = layer,
        Kind::Loss => layers.loss = layer,
        Kind::Prediction => layers.prediction = layer,
    }
}

/// The same place with one layer at full strength.
fn only(kind: Kind, look: &Look) -> Look {
    let hidden = Layer {
        shown: false,
        opacity: 1.0,
    };
    let full = Layer {
        shown: true,
        opacity: 1.0,
    };
    let of = |wanted: bool| if wanted { full } else { hidden };
    let mut look = look.clone();
    look.layers = Layers {
        image: kind == Kind::Image,
        labels: of(matches!(kind, Kind::Labels | Kind::Prediction)),
        contour: of(kind == Kind::Contour),
        weight: of(kind == Kind::Weight),
        loss: of(kind == Kind::Loss),
        probability: hidden,
        agreement: hidden,
        outline: hidden,
        prediction: hidden,
        ..look.layers
    };
    if kind == Kind::Prediction {
        look.predicted_as_labels();
    }
    look
}
