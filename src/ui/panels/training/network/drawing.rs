//! Blocks with weights as boxes: from left to right in order, further down the smaller the image.

use leptos::prelude::*;

use super::Known;

/// Extents of a box, and of the grid that they stand on.
const BOX: [f64; 2] = [88.0, 40.0];
const GRID: [f64; 2] = [100.0, 66.0];
/// Room above the first row for the curves of the skips.
const TOP: f64 = 26.0;

#[component]
pub fn Drawing(known: Vec<Known>) -> impl IntoView {
    // What has no weights is drawn as a line.
    let shown: Vec<usize> = (0..known.len())
        .filter(|i| known[*i].block.parameters > 0)
        .collect();
    let place = |index: usize| {
        let column = shown.iter().position(|other| *other == index).unwrap_or(0);
        [
            column as f64 * GRID[0],
            TOP + known[index].block.level as f64 * GRID[1],
        ]
    };
    let levels = known.iter().map(|known| known.block.level).max().unwrap_or(0);
    let [width, height] = [
        shown.len() as f64 * GRID[0],
        TOP + levels as f64 * GRID[1] + BOX[1] + 6.0,
    ];
    let lines = shown.iter().flat_map(|to| {
        let sources = known[*to].block.sources.iter().flatten();
        sources
            .map(|from| line(place(*from), place(*to)))
            .collect::<Vec<_>>()
    });
    let boxes = shown.iter().map(|index| node(&known[*index], place(*index)));
    let said = format!(
        "{} blocks with weights, over {} levels; the table below says the same.",
        shown.len(),
        levels + 1
    );
    view! {
        <div class="network__drawing" tabindex="0" role="region" aria-label="Drawing of the network, scrolls">
            <svg
                viewBox=format!("-2 0 {} {height}", width + 2.0) style:min-width=format!("{:.0}px", 0.82 * width)
                role="img" aria-label=said
            >
                <g class="network__lines">{lines.map(|d| view! { <path d=d/> }).collect_view()}</g>
                {boxes.collect_view()}
            </svg>
        </div>
    }
}

/// From the right of one box to the left of another; along its own level it rises above what stands between.
fn line([x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) -> String {
    let middle = BOX[1] / 2.0;
    let is_skip = (y1 - y2).abs() < 1.0 && x2 - x1 > 1.5 * GRID[0];
    if is_skip {
        let ([from, to], top) = ([x1 + BOX[0] / 2.0, x2 + BOX[0] / 2.0 - 8.0], y1 - 14.0);
        return format!("M{from:.1} {y1:.1} V{top:.1} H{to:.1} V{y2:.1}");
    }
    let [x1, y1, y2] = [x1 + BOX[0], y1 + middle, y2 + middle];
    let half = f64::midpoint(x1, x2);
    format!("M{x1:.1} {y1:.1} C{half:.1} {y1:.1} {half:.1} {y2:.1} {x2:.1} {y2:.1}")
}

fn node(known: &Known, [x, y]: [f64; 2]) -> impl IntoView + use<> {
    let [c, h, w] = known.block.shape;
    let [width, height] = BOX;
    let title = format!("{}: gives {c} × {h} × {w}", known.block.name);
    let share = known.share.unwrap_or(0.0).clamp(0.0, 1.0);
    let class = if known.block.frozen {
        "network__box network__box--frozen"
    } else {
        "network__box"
    };
    view! {
        <g class=class transform=format!("translate({x:.1} {y:.1})")>
            <title>{title}</title>
            <rect width=width height=height rx="5"/>
            <rect class="network__share" y=height - 4.0 width=format!("{:.1}", share * width) height="4" rx="2"/>
            <text x=width / 2.0 y="16">{known.block.name.clone()}</text>
            <text class="network__shape" x=width / 2.0 y="30">{format!("{c} × {h} × {w}")}</text>
        </g>
    }
}
