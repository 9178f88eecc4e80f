//! Three small pictures of the slice with their colours.

use std::sync::Arc;

use leptos::html::Canvas as CanvasElement;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::nifti::Plane;
use crate::page::comparison::{Comparison, Quantity};
use crate::page::{figure, mirror};
use crate::ui::parts::{Bar, ends_and_zero};
use crate::ui::store::View;
use crate::view::{colored, difference_colors, heat_colors};

/// Names of the maps, in the order of [`Comparison::sides`].
pub const NAMES: [&str; 3] = ["A", "B", "B − A"];

#[component]
pub fn Maps(comparison: Memo<Option<Comparison>>) -> impl IntoView {
    let both = Signal::derive(move || {
        comparison.with(|now| now.as_ref().map_or(Vec::new(), |now| ends_and_zero(now.ends)))
    });
    let difference = Signal::derive(move || {
        let reach = comparison.with(|now| now.as_ref().map_or(0.0, |now| now.reach));
        marks(reach)
    });
    let unit = Signal::derive(move || {
        let shown = comparison.with(|now| now.as_ref().map(|now| (now.quantity, now.scaled)));
        let (name, whole) = match shown {
            Some((Quantity::Gradient, _)) => ("|∂L/∂z|", "× pixels"),
            _ => ("Loss of a pixel", "share of L × pixels"),
        };
        let unit = if shown.is_some_and(|(_, scaled)| scaled) {
            "over its mean"
        } else {
            whole
        };
        format!("A and B: {name} ({unit})")
    });
    let difference_name = Signal::stored("B − A".to_owned());
    view! {
        <div class="compare__maps">
            <Small comparison side=0/>
            <Small comparison side=1/>
            <Small comparison side=2/>
            <div class="compare__both">
                <Bar name=unit title=unit colors=Signal::stored(heat_colors()) marks=both/>
            </div>
            <div class="compare__difference">
                <Bar name=difference_name title=difference_name colors=difference_colors() marks=difference/>
            </div>
        </div>
    }
}

fn marks(reach: f32) -> Vec<(f32, String)> {
    if reach == 0.0 {
        return vec![(0.5, "0: no pixel differs".into())];
    }
    let size = figure(f64::from(reach));
    vec![(0.0, format!("−{size}")), (0.5, "0".into()), (1.0, size)]
}

#[component]
fn Small(comparison: Memo<Option<Comparison>>, side: usize) -> impl IntoView {
    let view: View = expect_context();
    let node = NodeRef::<CanvasElement>::new();
    let convention = Memo::new(move |_| view.layers.with(|layers| layers.convention));
    let colors = if side < 2 {
        heat_colors()
    } else {
        difference_colors()
    };
    Effect::new(move || {
        let Some(canvas) = node.get() else { return };
        let mirror = mirror(Plane::Axial, convention.get());
        comparison.with(|now| {
            if let Some(now) = now {
                paint(&canvas, now, side, &colors, mirror);
            }
        });
    });
    let proportion = move || {
        comparison.with(|now| {
            now.as_ref().map_or(String::new(), |now| {
                let study = &now.a.asked.study;
                let extent = [0, 1].map(|axis| study.shape[axis] as f32 * study.spacing_mm[axis]);
                format!("{} / {}", extent[0], extent[1])
            })
        })
    };
    let loss = move || {
        comparison.with(|now| match (now, side) {
            (Some(now), 0) => now.a.loss.definition().name,
            (Some(now), 1) => now.b.loss.definition().name,
            _ => "difference",
        })
    };
    let name = move || {
        let figures = comparison.with(|now| now.as_ref().map(|now| now.sides[side].figures));
        let figures = figures.map_or(String::new(), |figures| {
            format!(
                "mean {}, largest {}",
                figure(figures.mean),
                figure(figures.largest)
            )
        });
        format!("Map of {}, {}: {figures}", NAMES[side], loss())
    };
    view! {
        <figure class="compare__map">
            <figcaption><b>{NAMES[side]}</b>" "{loss}</figcaption>
            <canvas node_ref=node role="img" aria-label=name style:aspect-ratio=proportion/>
        </figure>
    }
}

/// A canvas pixel for each pixel of the slice, lying as on the large picture.
fn paint(canvas: &HtmlCanvasElement, now: &Comparison, side: usize, colors: &Arc<[u32]>, mirror: [bool; 2]) {
    let [columns, rows, _] = now.a.asked.study.shape;
    let ends = match side {
        2 if now.reach == 0.0 => [-1.0, 1.0],
        2 => [-now.reach, now.reach],
        _ => now.ends,
    };
    let mut pixels = colored(&now.sides[side].values, ends, colors);
    if mirror[0] {
        pixels.chunks_mut(columns).for_each(<[u32]>::reverse);
    }
    if mirror[1] {
        pixels = pixels.rchunks(columns).flatten().copied().collect();
    }
    canvas.set_width(columns as u32);
    canvas.set_height(rows as u32);
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    let bytes = Clamped(bytemuck::cast_slice(&pixels));
    if let Ok(data) = ImageData::new_with_u8_clamped_array(bytes, columns as u32) {
        let _ = context.put_image_data(&data, 0.0, 0.0);
    }
}
