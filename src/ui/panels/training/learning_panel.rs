//! The learning rate over time, what limits a step, which weights count, and when to stop.

use leptos::prelude::*;

use super::presets::Reason;
use crate::optim::{Optimiser, Shape};
use crate::page::figure;
use crate::plan::{Aspect, Learning, Settings, with_weight_decay};
use crate::ui::parts::{Number, Segmented, Toggle};

/// Points of the drawn schedule.
const POINTS: u64 = 120;
/// Its extents.
const CURVE: [f64; 2] = [240.0, 40.0];

fn part<T: Send + Sync + 'static>(settings: RwSignal<Settings>, read: fn(&Learning) -> T) -> Signal<T> {
    Signal::derive(move || settings.with(|settings| read(&settings.learning)))
}

/// Sets a part of the learning.
fn setter<T: 'static>(
    settings: RwSignal<Settings>,
    write: fn(&mut Learning, T),
) -> impl Fn(T) + Copy + 'static {
    move |value| settings.update(|settings| write(&mut settings.learning, value))
}

#[component]
pub fn RateControls(settings: RwSignal<Settings>) -> impl IntoView {
    let shape = Memo::new(move |_| settings.with(|settings| settings.learning.shape));
    let about = move || match shape.get() {
        Shape::Constant => "The rate stays as it is.",
        Shape::Poly => {
            "Falls to 0 at the last step: rate × (1 − t/T)^power, as in nnU-Net. t counts steps after the warm-up, T is all of them."
        }
        Shape::Cosine => {
            "Falls along half a cosine: rate × (floor + (1 − floor) × (1 + cos(π t/T)) / 2). t counts steps after the warm-up, T is all of them."
        }
    };
    view! {
        <fieldset class="controls">
            <legend class="settings__legend">"Learning rate over time"</legend>
            <Segmented
                name="Schedule" options=Shape::ALL.map(|shape| (shape, shape.name())).to_vec()
                value=part(settings, |learning| learning.shape)
                set=setter(settings, |learning, shape| learning.shape = shape)
            />
            <p class="note">{about}</p>
            <Number
                name="Warm-up" low=0.0 high=200.0 step=5.0 unit="steps"
                hint="Over so many steps the rate rises in equal parts from 0: the first steps, made on random weights, stay small."
                value=part(settings, |learning| learning.warmup_steps)
                set=setter(settings, |learning, steps| learning.warmup_steps = steps)
            />
            <div hidden=move || shape.get() != Shape::Poly>
                <Number
                    name="Power" low=0.5 high=3.0 step=0.1 hint="1 falls in a straight line; more falls faster at first."
                    value=part(settings, |learning| learning.power)
                    set=setter(settings, |learning, power| learning.power = power)
                />
            </div>
            <div hidden=move || shape.get() != Shape::Cosine>
                <Number
                    name="Floor" low=0.0 high=0.5 step=0.01 hint="Where the rate ends, as a share of the learning rate."
                    value=part(settings, |learning| learning.floor)
                    set=setter(settings, |learning, floor| learning.floor = floor)
                />
            </div>
            <Reason aspect=Aspect::Schedule/>
            <Curve settings/>
        </fieldset>
    }
}

/// The rate of every step of the next run.
#[component]
fn Curve(settings: RwSignal<Settings>) -> impl IntoView {
    let drawn = Memo::new(move |_| {
        settings.with(|settings| {
            let rate = settings.learning.regimen().ok()?.rate;
            let steps = (settings.steps >= 1.0).then_some(settings.steps as u64)?;
            let at = |point: u64| rate.factor(point * (steps - 1) / (POINTS - 1), steps);
            let [width, height] = CURVE;
            let place = |point: u64| {
                let x = point as f64 / (POINTS - 1) as f64 * width;
                format!("{x:.1},{:.1}", height * (1.0 - at(point)))
            };
            let points: Vec<String> = (0..POINTS).map(place).collect();
            let base = settings.optimiser.learning_rate();
            let ends = [0, steps - 1].map(|step| figure(base * rate.factor(step, steps)));
            Some((points.join(" "), ends, steps))
        })
    });
    let [width, height] = CURVE;
    let picture = move |(points, [first, last], steps): (String, [String; 2], u64)| {
        let said = format!("Learning rate {first} at the first of {steps} steps, {last} at the last.");
        view! {
            <figure class="schedule">
                <svg viewBox=format!("0 -2 {width} {}", height + 4.0) role="img" aria-label=said.clone() preserveAspectRatio="none">
                    <line x1="0" x2=width y1=height y2=height/>
                    <polyline points=points/>
                </svg>
                <figcaption class="note">{said}</figcaption>
            </figure>
        }
    };
    move || drawn.get().map(picture)
}

#[component]
pub fn DecayControl(settings: RwSignal<Settings>) -> impl IntoView {
    let hint = Signal::derive(move || {
        settings.with(|settings| match settings.optimiser {
            Optimiser::AdamW(_) => {
                "Each step takes rate × this off the weight itself, apart from the gradient (decoupled). 0 is off."
            }
            Optimiser::Adam(_) | Optimiser::Sgd(_) => "Times the weight, added to its gradient (L2): pulls weights towards 0. 0 is off.",
        })
    });
    let decay = Signal::derive(move || settings.with(|settings| settings.optimiser.weight_decay()));
    view! {
        <Number
            name="Weight decay" low=0.0 high=0.1 step=0.001 hint value=decay
            set=move |decay| settings.update(|settings| {
                settings.optimiser = with_weight_decay(settings.optimiser, decay);
            })
        />
    }
}

#[component]
pub fn LimitControls(settings: RwSignal<Settings>) -> impl IntoView {
    let shown = |read: fn(&Learning) -> bool| move || settings.with(|settings| !read(&settings.learning));
    view! {
        <fieldset class="controls">
            <legend class="settings__legend">"Limits, averages and the end"</legend>
            <Toggle
                name="Clip gradients" value=part(settings, |learning| learning.clips)
                set=setter(settings, |learning, clips| learning.clips = clips)
            />
            <div hidden=shown(|learning| learning.clips)>
                <Number
                    name="Largest norm" low=-2.0 high=2.0 step=0.25 powers=true
                    hint="If all gradients together are longer than this (the root of the sum of their squares), they are made this long: one odd batch cannot throw the weights far."
                    value=part(settings, |learning| learning.clip_norm)
                    set=setter(settings, |learning, norm| learning.clip_norm = norm)
                />
            </div>
            <Reason aspect=Aspect::Clipping/>
            <Toggle
                name="Average the weights" value=part(settings, |learning| learning.averages)
                set=setter(settings, |learning, averages| learning.averages = averages)
            />
            <div hidden=shown(|learning| learning.averages)>
                <Number
                    name="Decay" low=0.5 high=0.999 step=0.001
                    hint="A second set of weights keeps this share of itself at each step and takes the rest from the trained ones; it is validated, shown and saved. The share grows from 2/11 to this, so that the start is forgotten."
                    value=part(settings, |learning| learning.averaging)
                    set=setter(settings, |learning, decay| learning.averaging = decay)
                />
            </div>
            <Toggle
                name="Keep the best" value=part(settings, |learning| learning.keep_best)
                set=setter(settings, |learning, keeps| learning.keep_best = keeps)
            />
            <p class="note">
                "Keeps the weights of the validation with the highest mean Dice, to be downloaded beside the last ones."
            </p>
            <Toggle
                name="Stop early" value=part(settings, |learning| learning.stops)
                set=setter(settings, |learning, stops| learning.stops = stops)
            />
            <div hidden=shown(|learning| learning.stops)>
                <Number
                    name="Patience" low=1.0 high=20.0 step=1.0
                    hint="The run ends after so many validations in a row without a higher mean Dice; a step or two that are under way are finished."
                    value=part(settings, |learning| learning.patience)
                    set=setter(settings, |learning, patience| learning.patience = patience)
                />
            </div>
        </fieldset>
    }
}

#[component]
pub fn FreezeControl(settings: RwSignal<Settings>) -> impl IntoView {
    view! {
        <Toggle
            name="Freeze the encoder" value=part(settings, |learning| learning.freeze_encoder)
            set=setter(settings, |learning, freezes| learning.freeze_encoder = freezes)
        />
        <p class="note">
            "The way down keeps the weights that it starts with, and only the rest learns: steps are faster, and little \
             data spoils less. It makes sense with weights that have been trained."
        </p>
    }
}
