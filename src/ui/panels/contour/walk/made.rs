//! The small grids: each set as it comes about.

use leptos::prelude::*;

use super::patch::Patch;
use super::path::{lines, outline, squares};
use super::player::Player;
use super::sentence::{dilated, eroded, sides};
use crate::contour::Operator;
use crate::contour::walk::{Made, Square};

/// The sets that a choice makes on the way to its contour.
pub fn made_by(operator: Operator) -> &'static [Made] {
    match operator {
        Operator::Erode => &[Made::Eroded, Made::Contour],
        Operator::Dilate => &[Made::Dilated, Made::Contour],
        Operator::Gradient => &[Made::Dilated, Made::Eroded, Made::Contour],
    }
}

/// What is drawn, as paths, and how far it is, in words.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawing {
    view_box: String,
    lines: String,
    waiting: String,
    /// Waiting, and in the class as it was.
    faint: String,
    members: String,
    changed: String,
    here: String,
    title: String,
    count: String,
}

impl Drawing {
    fn new(patch: &Patch, made: Made, steps: usize) -> Self {
        let walk = &patch.walk;
        let [columns, rows] = walk.window().size.map(|size| size as i32);
        let mut kinds: [Vec<[i32; 2]>; 4] = Default::default();
        let [waiting, faint, members, changed] = &mut kinds;
        for (pixel, place) in patch.pixels() {
            match walk.square(made, steps, pixel) {
                Square::Waiting { member: false } => waiting.push(place),
                Square::Waiting { member: true } => {
                    waiting.push(place);
                    faint.push(place);
                }
                Square::In => members.push(place),
                Square::Changed => changed.push(place),
                Square::Out => {}
            }
        }
        let here = steps.checked_sub(1).map(|step| {
            patch.drawn(
                walk.window()
                    .pixel(step % walk.window().area())
                    .map(|index| index as i32),
            )
        });
        let (members, changed) = if made == Made::Dilated {
            // What a dilation adds is in.
            let added = kinds[3].iter().copied();
            (kinds[2].iter().copied().chain(added).collect(), Vec::new())
        } else {
            (kinds[2].clone(), kinds[3].clone())
        };
        let [minuend, subtrahend] = sides(patch);
        let bracketed = |side: &str| {
            if side == "G" {
                side.to_owned()
            } else {
                format!("({side})")
            }
        };
        Self {
            view_box: format!("0 0 {columns} {rows}"),
            lines: lines([0, 0], [columns, rows]),
            waiting: squares(&kinds[0]),
            faint: squares(&kinds[1]),
            members: squares(&members),
            changed: squares(&changed),
            here: outline(&here.into_iter().collect::<Vec<_>>()),
            title: match made {
                Made::Eroded => eroded(patch),
                Made::Dilated => dilated(patch),
                Made::Contour => format!("C = {} − {}", bracketed(&minuend), bracketed(&subtrahend)),
            },
            count: match made {
                Made::Eroded => said(members.len(), "kept", changed.len(), "removed"),
                Made::Dilated => said(members.len() - kinds[3].len(), "kept", kinds[3].len(), "added"),
                Made::Contour => said(members.len(), "contour", changed.len(), "to come"),
            },
        }
    }
}

fn said(members: usize, of: &str, changed: usize, how: &str) -> String {
    format!("{members} {of}, {changed} {how}")
}

/// One of the sets, filled in as far as the walk got.
#[component]
pub fn MadeSet(player: Player, made: Made) -> impl IntoView {
    let drawing = Memo::new(move |_| {
        let steps = player.steps();
        player.patch.with(|patch| {
            patch
                .as_ref()
                .map_or_else(Drawing::default, |patch| Drawing::new(patch, made, steps))
        })
    });
    let part = move |read: fn(&Drawing) -> &String| move || drawing.with(|drawing| read(drawing).clone());
    let name = move || drawing.with(|drawing| format!("{}: {}", drawing.title, drawing.count));
    let kind = match made {
        Made::Eroded => "eroded",
        Made::Dilated => "dilated",
        Made::Contour => "contour",
    };
    view! {
        <figure class="walk__figure">
            <figcaption class="walk__title">{part(|drawing| &drawing.title)}</figcaption>
            <svg
                class=format!("walk__grid walk__grid--{kind}") viewBox=part(|drawing| &drawing.view_box)
                role="img" aria-label=name
            >
                <path class="walk__waiting" d=part(|drawing| &drawing.waiting)/>
                <path class="walk__ring" d=part(|drawing| &drawing.faint)/>
                <path class="walk__lines" d=part(|drawing| &drawing.lines)/>
                <path class="walk__members" d=part(|drawing| &drawing.members)/>
                <path class="walk__changed" d=part(|drawing| &drawing.changed)/>
                <path class="walk__edge walk__edge--halo" d=part(|drawing| &drawing.here)/>
                <path class="walk__edge" d=part(|drawing| &drawing.here)/>
            </svg>
            <p class="walk__count" aria-hidden="true">{part(|drawing| &drawing.count)}</p>
        </figure>
    }
}
