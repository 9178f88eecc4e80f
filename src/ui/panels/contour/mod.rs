//! What is the contour?

mod element;
mod formula;
mod walk;

use leptos::prelude::*;

use crate::contour::{Border, Choice, Frame, Operator, Shape};
use crate::page::mirror;
use crate::ui::parts::{Formula, Number, Segmented};
use crate::ui::store::{Objective, View};
use element::ElementDrawing;
use formula::{definition, element};
use walk::WalkPanel;

const OPERATORS: [(Operator, &str); 3] = [
    (Operator::Erode, "Inner"),
    (Operator::Dilate, "Outer"),
    (Operator::Gradient, "Both"),
];
const SHAPES: [(Shape, &str); 4] = [
    (Shape::Square, "Square"),
    (Shape::Cross, "Cross"),
    (Shape::Disk, "Disk"),
    (Shape::SquareEven, "2 × 2"),
];
const BORDERS: [(Border, &str); 2] = [(Border::Ignore, "Ignored"), (Border::Background, "Background")];
const FRAMES: [(Frame, &str); 2] = [
    (Frame::Slice, "In the slice (2D)"),
    (Frame::Volume, "In the volume (3D)"),
];

#[component]
pub fn ContourPanel() -> impl IntoView {
    let objective: Objective = expect_context();
    let view: View = expect_context();
    let choice = objective.contour;
    let mirror = Memo::new(move |_| mirror(view.plane.get(), view.layers.with(|layers| layers.convention)));
    let problem = move || {
        choice
            .get()
            .validate()
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    let part = move |read: fn(&Choice) -> f64| Signal::derive(move || choice.with(read));
    let sized = Memo::new(move |_| choice.get().shape != Shape::SquareEven);
    view! {
        <Formula lines=Signal::derive(move || vec![choice.with(definition)])/>
        <p class="note">{move || format!("{} {}", explain(&choice.get()), element(&choice.get()))}</p>
        <div class="controls">
            <Segmented
                name="Side" options=OPERATORS.to_vec()
                value=Signal::derive(move || choice.get().operator)
                set=move |operator| choice.update(|choice| choice.operator = operator)
            />
            <Segmented
                name="Element B" options=SHAPES.to_vec()
                value=Signal::derive(move || choice.get().shape)
                set=move |shape| choice.update(|choice| choice.shape = shape)
            />
            {move || sized.get().then(|| view! {
                <Number
                    name="Radius" unit="px" low=1.0 high=f64::from(Choice::MAX_RADIUS) step=1.0
                    value=part(|choice| f64::from(choice.radius))
                    set=move |radius| choice.update(|choice| choice.radius = whole(radius))
                />
            })}
            <Number
                name="Iterations" unit="×" low=1.0 high=f64::from(Choice::MAX_ITERATIONS) step=1.0
                value=part(|choice| f64::from(choice.iterations))
                set=move |iterations| choice.update(|choice| choice.iterations = whole(iterations))
            />
            <Segmented
                name="Taken" options=FRAMES.to_vec()
                value=Signal::derive(move || choice.get().frame)
                set=move |frame| choice.update(|choice| choice.frame = frame)
            />
            <Segmented
                name="Image edge" options=BORDERS.to_vec()
                value=Signal::derive(move || choice.get().border)
                set=move |border| choice.update(|choice| choice.border = border)
            />
        </div>
        <p class="problem" role="alert">{problem}</p>
        <ElementDrawing choice=choice mirror=mirror/>
        <WalkPanel/>
    }
}

/// What was typed as a count; 0 where it is none, which `validate` refuses in words.
fn whole(number: f64) -> u32 {
    if number.fract() == 0.0 { number as u32 } else { 0 }
}

fn explain(choice: &Choice) -> &'static str {
    match (choice.shape, choice.operator) {
        (Shape::SquareEven, _) => {
            "An element of even size has its anchor off its middle, so that only the low-index faces of an object \
             become contour. The preprocessing that the authors ship uses this one."
        }
        (_, Operator::Erode) => {
            "The pixels of a class that its erosion takes away: the inner contour, as in the paper."
        }
        (_, Operator::Dilate) => {
            "The pixels that a dilation adds to a class: the outer contour, which lies in other classes."
        }
        (_, Operator::Gradient) => {
            "What lies between dilation and erosion: inner and outer contour. The authors' code calls it ContainBackground."
        }
    }
}
