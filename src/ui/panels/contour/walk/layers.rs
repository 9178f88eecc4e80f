//! B in the volume: what each of its layers finds.

use leptos::prelude::*;

use super::patch::Patch;
use super::path::{crosses, discs, lines, squares};
use super::player::Player;
use crate::contour::Frame;
use crate::contour::walk::{Found, Reason};

/// Layers on either side of the middle that are drawn; a larger element is told in numbers.
const MAX_REACH: i32 = 2;

/// The layers of B at the pixel that is decided; nothing for an element in the slice.
#[component]
pub fn Layers(player: Player) -> impl IntoView {
    move || {
        let steps = player.steps();
        player.patch.with(|patch| {
            let patch = patch.as_ref()?;
            if patch.choice().frame != Frame::Volume {
                return None;
            }
            let Some(last) = steps.checked_sub(1) else {
                return Some(about(patch));
            };
            let step = patch.walk.step(last);
            match &step.reason {
                Reason::Element(_) if patch.ring() > MAX_REACH => Some(about(patch)),
                Reason::Element(_) => Some(strip(patch, &step.reason)),
                Reason::Difference { .. } => Some(about(patch)),
            }
        })
    }
}

fn about(patch: &Patch) -> AnyView {
    let axis = patch.axes[2];
    let text = format!(
        "The large grid shows the middle layer of B, in slice {axis} = {}. The numbers count all of its layers.",
        patch.walk.window().slice
    );
    let drawn = patch.ring() <= MAX_REACH;
    view! { <div class="walk__layers" class:walk__layers--drawn=drawn><p class="note">{text}</p></div> }
        .into_any()
}

fn strip(patch: &Patch, reason: &Reason) -> AnyView {
    let Reason::Element(cells) = reason else {
        return ().into_any();
    };
    let reach = patch.ring();
    let side = 2 * reach + 1;
    let slice = patch.walk.window().slice as i32;
    let layer = |through: i32| {
        let mut kinds: [Vec<[i32; 2]>; 4] = Default::default();
        for cell in cells.iter().filter(|cell| cell.offset[2] == through) {
            let at = patch.turned(cell.offset);
            let kind = match cell.found {
                Found::Inside => 0,
                Found::Outside => 1,
                Found::Beyond { counts: true } => 2,
                Found::Beyond { counts: false } => 3,
            };
            kinds[kind].push(at);
        }
        let [inside, outside, excused, beyond] = &kinds;
        let all: Vec<_> = kinds.iter().flatten().copied().collect();
        let misses: Vec<_> = outside.iter().chain(beyond).copied().collect();
        let name = format!(
            "{} = {}: {} of {}",
            patch.axes[2],
            slice + through,
            inside.len(),
            all.len()
        );
        (!all.is_empty()).then(|| {
            view! {
                <figure class="walk__layer" class:walk__layer--middle={through == 0}>
                    <svg class="walk__grid" viewBox=format!("{0} {0} {side} {side}", -reach) aria-hidden="true">
                        <path class="walk__image" d=squares(&all)/>
                        <path class="walk__lines" d=lines([-reach, -reach], [side, side])/>
                        <path class="walk__members" d=squares(inside)/>
                        <path class="walk__hits" d=discs(inside)/>
                        <path class="walk__excused" d=discs(excused)/>
                        <path class="walk__misses" d=crosses(&misses)/>
                    </svg>
                    <figcaption class="note">{name}</figcaption>
                </figure>
            }
        })
    };
    let layers = (-reach..=reach).map(layer).collect_view();
    view! { <div class="walk__layers walk__layers--drawn" role="group" aria-label="Layers of B">{layers}</div> }.into_any()
}
