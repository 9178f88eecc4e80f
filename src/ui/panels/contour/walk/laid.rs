//! The large grid: the set that a pass starts from, with B laid on the pixel that is decided.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::patch::Patch;
use super::path::{crosses, discs, hatching, lines, outline, squares};
use super::player::Player;
use crate::contour::walk::{Found, Phase, Reason};

/// What is drawn, as paths.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawing {
    view_box: String,
    /// Pixels of the image, and what lies beyond it.
    image: String,
    beyond: String,
    lines: String,
    /// Around the window.
    frame: String,
    /// Pixels of the set; of the ring around the window; of the class that earlier passes took away.
    members: String,
    ring: String,
    gone: String,
    hits: String,
    misses: String,
    /// Cells beyond the image that count as within.
    excused: String,
    /// Around B, as if its anchor lay on the first pixel.
    element: String,
    /// Where its anchor lies; nowhere before the first step.
    anchor: Option<[i32; 2]>,
    title: String,
}

impl Drawing {
    fn new(patch: &Patch, steps: usize) -> Self {
        let walk = &patch.walk;
        let [columns, rows] = walk.window().size.map(|size| size as i32);
        let ring = patch.ring();
        let area = walk.window().area();
        let last = walk.passes().len() - 1;
        let pass = steps.saturating_sub(1) / area;
        let mut kinds: [Vec<[i32; 2]>; 5] = Default::default();
        let [image, beyond, members, around, gone] = &mut kinds;
        for y in -ring..rows + ring {
            for x in -ring..columns + ring {
                let pixel = pixel_at(patch, [x, y]);
                let Some(member) = walk.before(pass, pixel) else {
                    beyond.push([x, y]);
                    continue;
                };
                image.push([x, y]);
                let is_inside = (0..columns).contains(&x) && (0..rows).contains(&y);
                match (member, is_inside) {
                    (true, true) => members.push([x, y]),
                    (true, false) => around.push([x, y]),
                    (false, true) if walk.before(last, pixel) == Some(true) => gone.push([x, y]),
                    _ => {}
                }
            }
        }
        let [image, beyond, members, around, gone] = &kinds;
        let sides = [columns + 2 * ring, rows + 2 * ring];
        let mut drawing = Self {
            view_box: format!("{0} {0} {1} {2}", -ring, sides[0], sides[1]),
            image: squares(image),
            beyond: hatching(beyond),
            lines: lines([-ring, -ring], sides),
            frame: format!("M0 0h{columns}v{rows}h-{columns}z"),
            members: squares(members),
            ring: squares(around),
            gone: squares(gone),
            title: title(patch, pass),
            ..Self::default()
        };
        if steps > 0 {
            drawing.lay(patch, steps - 1);
        }
        drawing
    }

    fn lay(&mut self, patch: &Patch, step: usize) {
        let step = patch.walk.step(step);
        let anchor = patch.drawn(step.pixel.map(|index| index as i32));
        self.anchor = Some(anchor);
        let Reason::Element(cells) = &step.reason else {
            self.element = outline(&[[0, 0]]);
            return;
        };
        let (mut hits, mut misses, mut excused) = (Vec::new(), Vec::new(), Vec::new());
        let mut element = Vec::new();
        for cell in cells.iter().filter(|cell| cell.offset[2] == 0) {
            let [dx, dy] = patch.turned(cell.offset);
            element.push([dx, dy]);
            let kind = match cell.found {
                Found::Inside => &mut hits,
                Found::Beyond { counts: true } => &mut excused,
                _ => &mut misses,
            };
            kind.push([anchor[0] + dx, anchor[1] + dy]);
        }
        self.hits = discs(&hits);
        self.misses = crosses(&misses);
        self.excused = discs(&excused);
        self.element = outline(&element);
    }
}

/// The pixel that is drawn at a place, on the window or around it.
fn pixel_at(patch: &Patch, place: [i32; 2]) -> [i32; 2] {
    // Drawing mirrors or does not; either way doing it twice leads back.
    let window = patch.walk.window();
    let first = window.first.map(|first| first as i32);
    let drawn = patch.drawn([0, 1].map(|axis| first[axis] + place[axis]));
    [0, 1].map(|axis| first[axis] + drawn[axis])
}

fn title(patch: &Patch, pass: usize) -> String {
    let pass = patch.walk.passes()[pass];
    match (pass.phase, pass.iteration) {
        (Phase::Erode, n) if n > 1 => format!("What erosion {} left", n - 1),
        (Phase::Dilate, n) if n > 1 => format!("What dilation {} made", n - 1),
        _ => format!("G: {}", patch.name),
    }
}

/// The grid; a tap on a pixel jumps to its verdict.
#[component]
pub fn LaidElement(player: Player) -> impl IntoView {
    let drawing = Memo::new(move |_| {
        let steps = player.steps();
        player.patch.with(|patch| {
            patch
                .as_ref()
                .map_or_else(Drawing::default, |patch| Drawing::new(patch, steps))
        })
    });
    let part = move |read: fn(&Drawing) -> &String| move || drawing.with(|drawing| read(drawing).clone());
    let moved = move || {
        let anchor = drawing.with(|drawing| drawing.anchor).unwrap_or_default();
        format!("translate({}px, {}px)", anchor[0], anchor[1])
    };
    let hidden = move || drawing.with(|drawing| drawing.anchor.is_none());
    let glides = move || player.playing.get();
    view! {
        <figure class="walk__figure walk__figure--large">
            <figcaption class="walk__title">{part(|drawing| &drawing.title)}</figcaption>
            <div
                class="walk__stage" role="application" tabindex="0"
                aria-label="The patch with B on it. Space plays and pauses, left and right arrow keys step, up and \
                            down arrow keys move by a row, Home and End lead to the first and last step."
                on:keydown=move |event| player.key(&event)
            >
                <svg
                    class="walk__grid walk__grid--laid" viewBox=part(|drawing| &drawing.view_box) aria-hidden="true"
                    on:click=move |event| tap(player, &event)
                >
                    <path class="walk__image" d=part(|drawing| &drawing.image)/>
                    <path class="walk__ring" d=part(|drawing| &drawing.ring)/>
                    <path class="walk__gone" d=part(|drawing| &drawing.gone)/>
                    <path class="walk__members" d=part(|drawing| &drawing.members)/>
                    <path class="walk__lines" d=part(|drawing| &drawing.lines)/>
                    <path class="walk__frame" d=part(|drawing| &drawing.frame)/>
                    <path class="walk__beyond" d=part(|drawing| &drawing.beyond)/>
                    <path class="walk__hits" d=part(|drawing| &drawing.hits)/>
                    <path class="walk__excused" d=part(|drawing| &drawing.excused)/>
                    <path class="walk__halo" d=part(|drawing| &drawing.misses)/>
                    <path class="walk__misses" d=part(|drawing| &drawing.misses)/>
                    <g class="walk__element" class:walk__element--playing=glides class:walk__element--hidden=hidden style:transform=moved>
                        <path class="walk__edge walk__edge--halo" d=part(|drawing| &drawing.element)/>
                        <path class="walk__edge" d=part(|drawing| &drawing.element)/>
                        <path class="walk__anchor walk__anchor--halo" d="M0 0h1v1h-1z"/>
                        <path class="walk__anchor" d="M0 0h1v1h-1z"/>
                    </g>
                </svg>
            </div>
        </figure>
    }
}

fn tap(player: Player, event: &MouseEvent) {
    let patch: Option<Arc<Patch>> = player.patch.get_untracked();
    let grid = event
        .current_target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let (Some(patch), Some(grid)) = (patch, grid) else {
        return;
    };
    let frame = grid.get_bounding_client_rect();
    let ring = patch.ring();
    let sides = patch
        .walk
        .window()
        .size
        .map(|size| f64::from(size as i32 + 2 * ring));
    let at = [
        (f64::from(event.client_x()) - frame.left()) / frame.width() * sides[0],
        (f64::from(event.client_y()) - frame.top()) / frame.height() * sides[1],
    ];
    let pixel = pixel_at(&patch, at.map(|place| place.floor() as i32 - ring));
    if let [Ok(column), Ok(row)] = pixel.map(usize::try_from) {
        player.jump([column, row]);
    }
}
