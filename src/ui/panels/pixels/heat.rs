//! The loss as a heat map on the picture: which map, what its colours mean, and how it adds up.

use leptos::prelude::*;

use crate::loss::{Kind, Share};
use crate::page::figures::Figures;
use crate::page::{Drawn, Layer, Layers, Told, figure, grouped};
use crate::ui::parts::{Formula, LossBar, Segmented, Toggle};
use crate::ui::store::State;

#[component]
pub fn Heat() -> impl IntoView {
    let state = State::get();
    let pixels = state.pixels;
    let kind = Memo::new(move |_| {
        pixels
            .told
            .with(|told| told.as_ref().map(|told| told.loss.kind()))
    });
    let show = move |shown| state.view.layers.update(|layers| layers.loss.shown = shown);
    let choose = move |share| {
        pixels.share.set(share);
        show(true);
    };
    let alone = move |_| {
        let hidden = |layer: Layer| Layer {
            shown: false,
            ..layer
        };
        state.view.layers.update(|layers| {
            *layers = Layers {
                loss: Layer {
                    shown: true,
                    ..layers.loss
                },
                labels: hidden(layers.labels),
                contour: hidden(layers.contour),
                outline: hidden(layers.outline),
                prediction: hidden(layers.prediction),
                ..*layers
            };
        });
    };
    let share = Signal::derive(move || {
        pixels
            .drawn
            .with(|drawn| drawn.as_ref().map_or(Share::Total, |drawn| drawn.share))
    });
    let has_terms = move || kind.get().is_some_and(|kind| maps(kind).len() > 2);
    let has_ratio = Memo::new(move |_| {
        pixels.told.with(|told| {
            told.as_ref()
                .is_some_and(|told| told.explained.parts.region.beta != 0.0)
        })
    });
    let drawn = move |read: fn(&Drawn) -> String| {
        move || {
            pixels
                .drawn
                .with(|drawn| drawn.as_ref().map_or(String::new(), read))
        }
    };
    view! {
        <h3>"The loss as a heat map"</h3>
        {move || kind.get().map(|kind| view! { <Segmented name="Map" options=maps(kind) value=share set=choose/> })}
        <LossBar drawn=pixels.drawn/>
        <p aria-live="polite">{drawn(mean)}</p>
        <p class="note">{drawn(unit)}</p>
        <div class="heat__switches">
            <Toggle
                name="On the picture"
                value=Signal::derive(move || state.view.layers.with(|layers| layers.loss.shown))
                set=show
            />
            {move || has_terms().then(|| view! {
                <Toggle
                    name="One range for the total and its terms" value=pixels.common
                    set=move |common| pixels.common.set(common)
                />
            })}
            <button class="button" on:click=alone>"Nothing else over the image"</button>
        </div>
        <Sums/>
        {move || has_ratio.get().then(shared_out)}
    }
}

fn maps(kind: Kind) -> Vec<(Share, &'static str)> {
    Share::of(kind.definition())
}

/// The mean of the map beside the loss: two ways to the same number.
fn mean(drawn: &Drawn) -> String {
    let explained = &drawn.told.explained;
    let mean = figure(Figures::of(&explained.map(drawn.share)).mean);
    let loss = figure(f64::from(explained.maps.terms.total));
    match drawn.share {
        Share::Total => format!("Mean of the map {mean}, loss L = {loss}."),
        Share::Gradient => format!("Mean of the map {mean}, at a loss of L = {loss}."),
        _ => format!(
            "Mean of the map {mean}: what {} adds to the loss L = {loss}.",
            drawn.name
        ),
    }
}

fn unit(drawn: &Drawn) -> String {
    let [_, _, h, w] = drawn.told.asked.given.shape;
    let pixels = format!("the {} pixels of the network's grid of {w} × {h}", grouped(w * h));
    let value = match drawn.share {
        Share::Total => format!(
            "A pixel's value is its exact share of the loss times {pixels}, so the mean of the map is the loss."
        ),
        Share::Gradient => format!(
            "A pixel's value is the length of ∂L/∂z over its classes times {pixels}: how strongly training pulls at it."
        ),
        _ => format!(
            "A pixel's value is its exact share of the term times {pixels}, so the mean of the map is the term as it \
             enters the loss."
        ),
    };
    format!(
        "{value} The last colour stands for {} and above: of 200 pixels about one lies there.",
        figure(f64::from(drawn.ends[1]))
    )
}

/// All maps in numbers.
#[component]
fn Sums() -> impl IntoView {
    let told = State::get().pixels.told;
    let row = |told: &Told, (share, name): (Share, &'static str)| {
        let figures = Figures::of(&told.explained.map(share));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="figure">{figure(figures.mean)}</td>
                <td class="figure">{figure(figures.least)}</td>
                <td class="figure">{figure(figures.largest)}</td>
            </tr>
        }
    };
    let rows = move || {
        told.with(|told| {
            let told = told.as_ref()?;
            let maps = maps(told.loss.kind()).into_iter();
            Some(maps.map(|map| row(told, map)).collect_view())
        })
    };
    view! {
        <table class="classes numbers" aria-label="Maps in numbers">
            <thead>
                <tr>
                    <th scope="col">"Map"</th>
                    <th scope="col" class="figure">"Mean"</th>
                    <th scope="col" class="figure">"Least"</th>
                    <th scope="col" class="figure">"Largest"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn shared_out() -> impl IntoView {
    let lines = [
        r"D = 1 - \frac{N}{M} = \frac{M - N}{M}, \qquad M - N = \sum_x \bigl(m(x) - n(x)\bigr)",
        r"\text{share of pixel } x = \frac{m(x) - n(x)}{M}",
        r"\text{of the Dice} = \frac{p + g - 2\,p\,g}{\sum p + \sum g + \varepsilon}",
    ];
    let lines: Vec<String> = lines.map(str::to_owned).into();
    view! {
        <details class="aside">
            <summary>"How is a ratio shared out?"</summary>
            <Formula lines=Signal::stored(lines)/>
            <p class="note">
                "A ratio is no sum over pixels, but what it lacks to 1 is: a sum over one denominator M. What a pixel adds \
                 to that sum, over M, is its exact share, and the shares of all pixels add up to D. An ε in N and M alike \
                 drops out of the difference; where only one has it, all pixels bear it in equal parts. Several classes: a \
                 pixel's shares add up, with the weights that their ratios have in the loss. A power of D: all shares are \
                 multiplied by the same number, so that they add up to the power."
            </p>
            <p class="note">
                "A share says where the loss lies, not what moving p would change: M changes with every p too. That is \
                 what |∂L/∂z| shows."
            </p>
        </details>
    }
}
