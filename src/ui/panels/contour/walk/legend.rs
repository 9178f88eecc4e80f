//! What the signs mean.

use leptos::prelude::*;

use super::patch::Patch;
use super::path::{crosses, discs, hatching, squares};
use super::player::Player;
use crate::contour::{Border, Operator};

#[component]
pub fn Legend(player: Player) -> impl IntoView {
    let seen = Memo::new(move |_| {
        player
            .patch
            .with(|patch| patch.as_ref().map(|patch| Seen::new(patch)))
    });
    let origin = [[0, 0]];
    let item = move |marks: AnyView, text: &'static str| {
        view! { <li><svg class="walk__grid walk__sign" viewBox="0 0 1 1" aria-hidden="true">{marks}</svg>{text}</li> }
    };
    move || {
        let seen = seen.get()?;
        let hit = view! { <path class="walk__members" d=squares(&origin)/><path class="walk__hits" d=discs(&origin)/> };
        let miss = view! { <path class="walk__image" d=squares(&origin)/><path class="walk__misses" d=crosses(&origin)/> };
        let changed = view! { <path class="walk__changed" d=squares(&origin)/> };
        let waiting = view! { <path class="walk__waiting" d=squares(&origin)/> };
        let beyond = view! { <path class="walk__image" d=squares(&origin)/><path class="walk__beyond" d=hatching(&origin)/> };
        let excused = view! { <path class="walk__image" d=squares(&origin)/><path class="walk__excused" d=discs(&origin)/> };
        let change = if seen.adds {
            "changed: will be contour"
        } else {
            "removed: will be contour"
        };
        Some(view! {
            <ul class="walk__legend" aria-label="Signs">
                {item(hit.into_any(), "B, in the class")}
                {item(miss.into_any(), "B, not in the class")}
                {item(changed.into_any(), change)}
                {item(waiting.into_any(), "not visited yet")}
                {seen.beyond.then(|| item(beyond.into_any(), "outside the image"))}
                {(seen.beyond && seen.ignores).then(|| item(excused.into_any(), "B, outside: never erodes"))}
            </ul>
        })
    }
}

/// Which signs can occur.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    adds: bool,
    beyond: bool,
    ignores: bool,
}

impl Seen {
    fn new(patch: &Patch) -> Self {
        let (window, ring) = (patch.walk.window(), patch.ring());
        let last = patch.walk.passes().len() - 1;
        let first = window.first.map(|first| first as i32);
        let end = [0, 1].map(|axis| first[axis] + window.size[axis] as i32 - 1);
        let corners = [[first[0] - ring, first[1] - ring], [end[0] + ring, end[1] + ring]];
        Self {
            adds: patch.choice().operator != Operator::Erode,
            beyond: corners
                .iter()
                .any(|corner| patch.walk.before(last, *corner).is_none()),
            ignores: patch.choice().border == Border::Ignore && patch.choice().operator != Operator::Dilate,
        }
    }
}
