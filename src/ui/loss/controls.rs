//! The loss's parameters, by term.

use leptos::prelude::*;

use crate::loss::{Absent, Params, Pool, Preset, Union};
use crate::ui::widgets::{Number, Segmented};

const UNIONS: [(Union, &str); 2] = [
    (Union::All, "All, background too"),
    (Union::Foreground, "Foreground only"),
];
const POOLS: [(Pool, &str); 4] = [
    (Pool::Joint, "One ratio over classes and batch"),
    (Pool::JointItem, "One ratio for each image"),
    (Pool::PerClassBatch, "A ratio for each class"),
    (Pool::PerClassItem, "A ratio for each class of each image"),
];
const ABSENTS: [(Absent, &str); 2] = [(Absent::Exclude, "Left out"), (Absent::Include, "Counted")];

/// How the weights of both Dice terms are entered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// λ_d and 1 − λ_d.
    Mix,
    /// Each on its own.
    Sum,
}
const FORMS: [(Form, &str); 2] = [(Form::Mix, "λ_d and 1 − λ_d"), (Form::Sum, "Each apart")];

/// A parameter as a signal.
fn part(loss: RwSignal<Params>, read: fn(&Params) -> f32) -> Signal<f64> {
    Signal::derive(move || f64::from(loss.with(read)))
}

#[component]
pub fn CompoundControls(loss: RwSignal<Params>) -> impl IntoView {
    view! {
        <div class="controls">
            <Number
                name="α, cross-entropy" low=0.0 high=2.0 step=0.05
                value=part(loss, |loss| loss.alpha)
                set=move |value| loss.update(|loss| loss.alpha = value as f32)
            />
            <Number
                name="β, Dice" low=0.0 high=2.0 step=0.05
                value=part(loss, |loss| loss.beta)
                set=move |value| loss.update(|loss| loss.beta = value as f32)
            />
        </div>
    }
}

#[component]
pub fn CrossEntropyControls(loss: RwSignal<Params>) -> impl IntoView {
    view! {
        <div class="controls">
            <Number
                name="λ_w, contour" low=0.0 high=10.0 step=0.1
                hint="What a contour pixel weighs more than another."
                value=part(loss, |loss| loss.lambda_w)
                set=move |value| loss.update(|loss| loss.lambda_w = value as f32)
            />
            <Number
                name="Plain term" low=0.0 high=2.0 step=0.05
                hint="Weight of the unweighted cross-entropy that the authors' code adds: 1 there, 0 in the paper."
                value=part(loss, |loss| loss.plain)
                set=move |value| loss.update(|loss| loss.plain = value as f32)
            />
            <Segmented
                name="Contours of" options=UNIONS.to_vec()
                value=Signal::derive(move || loss.with(|loss| loss.union))
                set=move |union| loss.update(|loss| loss.union = union)
            />
        </div>
    }
}

#[component]
pub fn DiceControls(loss: RwSignal<Params>) -> impl IntoView {
    let adds_up = |loss: &Params| (loss.lambda_contour + loss.lambda_noncontour - 1.0).abs() < 1e-6;
    let form = RwSignal::new(Form::Mix);
    // A preset shows itself in the form that it is published in.
    Effect::new(move || {
        if loss.with(|loss| *loss == Preset::Paper.params()) {
            form.set(Form::Mix);
        } else if !loss.with(adds_up) {
            form.set(Form::Sum);
        }
    });
    let choose = move |wanted| {
        if wanted == Form::Mix {
            loss.update(|loss| {
                let contour = loss.lambda_contour.clamp(0.0, 1.0);
                (loss.lambda_contour, loss.lambda_noncontour) = (contour, 1.0 - contour);
            });
        }
        form.set(wanted);
    };
    let set_pool = move |event| {
        let chosen = event_target_value(&event).parse::<usize>().ok();
        if let Some((pool, _)) = chosen.and_then(|i| POOLS.get(i)) {
            loss.update(|loss| loss.pool = *pool);
        }
    };
    let option = move |(i, (pool, name)): (usize, (Pool, &'static str))| {
        let selected = move || loss.with(|loss| loss.pool == pool);
        view! { <option value=i.to_string() prop:selected=selected>{name}</option> }
    };
    view! {
        <div class="controls">
            <Segmented name="Weights" options=FORMS.to_vec() value=form set=choose/>
            {move || match form.get() {
                Form::Mix => view! { <MixControl loss/> }.into_any(),
                Form::Sum => view! { <SumControls loss/> }.into_any(),
            }}
            <Number
                name="ε" low=-7.0 high=0.0 step=0.5 powers=true
                hint="Keeps the ratio defined where nothing is; large values soften small classes."
                value=part(loss, |loss| loss.smooth)
                set=move |value| loss.update(|loss| loss.smooth = value as f32)
            />
            <label class="choice">
                <span>"Pooling"</span>
                <select on:change=set_pool>{POOLS.into_iter().enumerate().map(option).collect_view()}</select>
            </label>
            <Segmented
                name="Absent classes" options=ABSENTS.to_vec()
                value=Signal::derive(move || loss.with(|loss| loss.absent))
                set=move |absent| loss.update(|loss| loss.absent = absent)
            />
        </div>
    }
}

#[component]
fn MixControl(loss: RwSignal<Params>) -> impl IntoView {
    let set = move |value: f64| {
        loss.update(|loss| {
            (loss.lambda_contour, loss.lambda_noncontour) = (value as f32, 1.0 - value as f32)
        });
    };
    view! { <Number name="λ_d" low=0.0 high=1.0 step=0.05 value=part(loss, |loss| loss.lambda_contour) set=set/> }
}

#[component]
fn SumControls(loss: RwSignal<Params>) -> impl IntoView {
    view! {
        <Number
            name="D(contour)" low=0.0 high=2.0 step=0.05
            value=part(loss, |loss| loss.lambda_contour)
            set=move |value| loss.update(|loss| loss.lambda_contour = value as f32)
        />
        <Number
            name="D(rest)" low=0.0 high=2.0 step=0.05
            value=part(loss, |loss| loss.lambda_noncontour)
            set=move |value| loss.update(|loss| loss.lambda_noncontour = value as f32)
        />
    }
}
