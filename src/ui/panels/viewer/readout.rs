//! What is under the crosshair, as text.

use leptos::prelude::*;

use crate::loss::Share;
use crate::page::{Look, Study, figure};
use crate::ui::store::{Data, Pixels, View};

#[component]
pub fn Readout(data: Data, pixels: Pixels, view: View, look: Memo<Option<Look>>) -> impl IntoView {
    let study = data.study;
    let cursor = view.cursor;
    let of = move |read: fn(&Study, [usize; 3]) -> String| {
        move || {
            study.with(|study| {
                study
                    .as_ref()
                    .map_or("–".into(), |study| read(study, cursor.get()))
            })
        }
    };
    let here = move || {
        let look = look.get()?;
        let shown = &look.shown;
        let [across, down, through] = shown.cut.plane.axes();
        let cursor = cursor.get();
        let i = cursor[down] * shown.cut.columns + cursor[across];
        (cursor[through] == shown.cut.index).then_some((i, look))
    };
    let contour = move || {
        here().map_or("–".into(), |(i, look)| {
            let bits = look.shown.contour.get(i).copied().unwrap_or(0);
            let classes = look.shown.cut.study.classes.iter().enumerate();
            let names: Vec<_> = classes
                .filter(|(k, _)| bits >> k & 1 == 1)
                .map(|(_, class)| class.name.clone())
                .collect();
            if names.is_empty() {
                "none".into()
            } else {
                names.join(", ")
            }
        })
    };
    let weight = move || {
        here()
            .and_then(|(i, look)| look.shown.weight.get(i).map(f32::to_string))
            .unwrap_or("–".into())
    };
    let loss_shown = Memo::new(move |_| look.with(|look| look.as_ref().is_some_and(Look::shows_loss)));
    let loss_name = move || {
        pixels.drawn.with(|drawn| {
            drawn.as_ref().map_or("", |drawn| match drawn.share {
                Share::Total => "Loss",
                Share::Gradient => drawn.name,
                // Which one stands at the colours.
                _ => "Loss by term",
            })
        })
    };
    let loss = move || {
        here()
            .and_then(|(i, look)| Some(figure(f64::from(*look.loss?.values.get(i)?))))
            .unwrap_or("–".into())
    };
    let item = |name: &'static str, value: AnyView| {
        view! { <div class="readout__item"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    view! {
        <dl class="readout" class:readout--loss=loss_shown aria-label="Under the crosshair">
            {item("Voxel", of(|_, [x, y, z]| format!("{x}, {y}, {z}")).into_any())}
            {item("Position", of(position).into_any())}
            {item("Value", of(value).into_any())}
            {item("Class", of(class).into_any())}
            {item("Contour of", contour.into_any())}
            {item("Weight", weight.into_any())}
            {move || loss_shown.get().then(|| view! {
                <div class="readout__item"><dt>{loss_name}</dt><dd>{loss}</dd></div>
            })}
        </dl>
    }
}

fn position(study: &Study, voxel: [usize; 3]) -> String {
    let side = |mm: f64, letters: [&str; 2]| {
        let letter = letters[usize::from(mm < 0.0)];
        format!("{letter} {:.1}", mm.abs())
    };
    let [x, y, z] = study.world(voxel);
    format!(
        "{}, {}, {} mm",
        side(x, ["R", "L"]),
        side(y, ["A", "P"]),
        side(z, ["S", "I"])
    )
}

fn value(study: &Study, voxel: [usize; 3]) -> String {
    let value = study.image.value(voxel);
    let text = if value == value.round() {
        format!("{value}")
    } else {
        format!("{value:.4}")
    };
    format!("{text} {}", study.unit()).trim_end().replace('-', "−")
}

fn class(study: &Study, voxel: [usize; 3]) -> String {
    let class = usize::from(study.labels[study.index(voxel)]);
    study
        .classes
        .get(class)
        .map_or_else(|| "ignored".to_owned(), |class| class.name.clone())
}
