//! The structuring element as a drawing.

use leptos::prelude::*;

use crate::contour::{Choice, Frame};

/// Side of the drawing of one layer.
const SIDE_REM: f64 = 5.5;

/// Layers of a volume's element that are drawn; a larger one shows its middle layer.
const MAX_LAYERS: i32 = 3;

#[component]
pub fn ElementDrawing(
    #[prop(into)] choice: Signal<Choice>,
    /// Whether columns and rows run backwards on the picture, and so in the drawing.
    #[prop(into)]
    mirror: Signal<[bool; 2]>,
) -> impl IntoView {
    move || {
        let choice = choice.get();
        choice.validate().is_ok().then(|| draw(&choice, mirror.get()))
    }
}

fn draw(choice: &Choice, mirror: [bool; 2]) -> impl IntoView + use<> {
    let offsets = choice.offsets();
    let low = offsets.iter().flatten().copied().min().unwrap_or(0);
    let high = offsets.iter().flatten().copied().max().unwrap_or(0);
    let side = high - low + 1;
    let layers: Vec<i32> = match choice.frame {
        Frame::Volume if side <= MAX_LAYERS => (low..=high).collect(),
        _ => vec![0],
    };
    let drawn = layers.len();
    let count = offsets.len();
    let layer = |z: i32| {
        let turned = |axis: usize, i: i32| if mirror[axis] { low + high - i } else { i };
        let cells = (low..=high).flat_map(|y| (low..=high).map(move |x| [turned(0, x), turned(1, y), z]));
        let cell = |at: [i32; 3]| {
            let inside = offsets.contains(&at);
            let anchor = at == [0, 0, 0];
            view! {
                <span class="element__cell" class:element__cell--inside=inside class:element__cell--anchor=anchor></span>
            }
        };
        let columns = format!("repeat({side}, 1fr)");
        let size = format!("{SIDE_REM}rem");
        view! {
            <div class="element__layer">
                <div class="element__grid" style:grid-template-columns=columns style:width=size.clone() style:height=size>
                    {cells.map(cell).collect_view()}
                </div>
                {(drawn > 1).then(|| view! { <span class="note">{format!("z = {z}").replace('-', "−")}</span> })}
            </div>
        }
    };
    let name = format!("Structuring element of {count} cells");
    let caption = if choice.frame == Frame::Volume && drawn == 1 {
        "B, its middle layer. The framed cell is its anchor: erosion keeps a voxel if B, put there, lies within the class."
    } else {
        "B. The framed cell is its anchor: erosion keeps a pixel if B, put there, lies within the class."
    };
    view! {
        <figure class="element">
            <div class="element__layers" role="img" aria-label=name>{layers.into_iter().map(layer).collect_view()}</div>
            <figcaption class="note">{caption}</figcaption>
        </figure>
    }
}
