//! Play, pause, step, scrub, speed.

use leptos::prelude::*;

use super::player::{Player, Speed};
use crate::contour::walk::{Pass, Phase};
use crate::ui::parts::Segmented;

const SPEEDS: [(Speed, &str); 3] = [
    (Speed::Slow, "Slow"),
    (Speed::Medium, "Medium"),
    (Speed::Fast, "Fast"),
];

#[component]
pub fn Controls(player: Player) -> impl IntoView {
    let at_start = move || player.steps() == 0;
    let at_end = move || player.steps() == player.len();
    let speed = player.speed;
    view! {
        <div class="walk__buttons">
            <button class="button button--primary walk__play" on:click=move |_| player.toggle()>
                <span class="run__sign" class:run__sign--pause=player.playing aria-hidden="true"></span>
                {move || if player.playing.get() { "Pause" } else { "Play" }}
            </button>
            <button class="button" disabled=at_start on:click=move |_| player.nudge(-1)>"Step back"</button>
            <button class="button" disabled=at_end on:click=move |_| player.nudge(1)>"Step forward"</button>
            <Segmented name="Speed" options=SPEEDS.to_vec() value=speed set=move |chosen| speed.set(chosen)/>
        </div>
        <Scrubber player=player/>
    }
}

#[component]
fn Scrubber(player: Player) -> impl IntoView {
    let passes = Memo::new(move |_| {
        player.patch.with(|patch| {
            patch
                .as_ref()
                .map_or(Vec::new(), |patch| patch.walk.passes().to_vec())
        })
    });
    let area = move || player.len() / passes.with(Vec::len).max(1);
    let pass = Memo::new(move |_| player.steps().saturating_sub(1) / area().max(1));
    let now = move || {
        let (steps, len) = (player.steps(), player.len());
        let name = passes.with(|passes| {
            passes
                .get(pass.get())
                .map_or(String::new(), |now| name(passes, *now))
        });
        format!("{name}, step {steps} of {len}")
    };
    let scrub = move |event| {
        if let Ok(steps) = event_target_value(&event).parse::<usize>() {
            player.go(steps);
        }
    };
    let part = move |(i, text): (usize, String)| {
        view! { <li class="walk__pass" class:walk__pass--now=move || pass.get() == i>{text}</li> }
    };
    let parts = move || {
        let parts = passes.with(|passes| names(passes));
        parts.into_iter().enumerate().map(part).collect_view()
    };
    view! {
        <div class="walk__scrubber">
            // A new slider for a new range: a value beyond the old one would be clamped.
            {move || view! {
                <input
                    type="range" min="0" max=player.len() step="1" aria-label="Steps" aria-valuetext=now
                    prop:value=move || player.steps().to_string() on:input=scrub
                />
            }}
            <ol class="walk__passes" aria-hidden="true">{parts}</ol>
            <p class="walk__now">{now}</p>
        </div>
    }
}

/// "Erosion 2", or "Erosion" where there is only one.
fn name(passes: &[Pass], pass: Pass) -> String {
    let noun = match pass.phase {
        Phase::Erode => "Erosion",
        Phase::Dilate => "Dilation",
        Phase::Difference => "Difference",
    };
    let alike = passes.iter().filter(|other| other.phase == pass.phase).count();
    if alike > 1 {
        format!("{noun} {}", pass.iteration)
    } else {
        noun.into()
    }
}

/// What fits below the slider: whole names for a few passes, signs for many.
fn names(passes: &[Pass]) -> Vec<String> {
    const FEW: usize = 4;
    let short = |pass: &Pass| match pass.phase {
        Phase::Erode => "⊖".to_owned(),
        Phase::Dilate => "⊕".to_owned(),
        Phase::Difference => "−".to_owned(),
    };
    if passes.len() <= FEW {
        passes.iter().map(|pass| name(passes, *pass)).collect()
    } else {
        passes.iter().map(short).collect()
    }
}
