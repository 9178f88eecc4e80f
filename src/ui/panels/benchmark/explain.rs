//! Where each number comes from.

use std::sync::Arc;

use leptos::prelude::*;

use super::units::{giga, three};
use crate::gpu::{Clock, Profile};
use crate::page::benchmark::Measured;

#[component]
pub fn Explain(measured: Arc<Measured>, peak: Option<f64>) -> impl IntoView {
    let item = |name: &'static str, text: String| view! { <div><dt>{name}</dt><dd>{text}</dd></div> };
    let explained = [
        ("Peak", peak_of(peak)),
        ("Time", time(&measured.profile)),
        (
            "Share of time",
            "The node's time divided by the sum of all times. Deeper levels of the network stand further in.".into(),
        ),
        (
            "Speed",
            "Floating-point operations divided by time. A convolution does 2 · k² · C_in · C_out operations for each \
             pixel of the batch, once forward and once for each of its two gradients; 10⁹ a second are 1 GFLOP/s. \
             Other nodes, the loss and the optimiser mostly move numbers: their operations are not counted."
                .into(),
        ),
        ("Of the peak", "Speed divided by peak.".into()),
        (
            "Moved",
            "The bytes of all tensors that a dispatch binds, each tensor once: what has to be moved at least, if all of \
             them are read or written. 1 MB is 10⁶ bytes. Divided by the time it gives GB/s; caches can make that more \
             than the memory's own speed."
                .into(),
        ),
        (
            "Dispatches",
            "Calls of a kernel in one step, forward and backward together. A node without any \
             is computed by the dispatches of its neighbour. Fills with zeros and copies are not timed."
                .into(),
        ),
    ];
    view! {
        <details class="aside benchmark__explained" open>
            <summary>"What the numbers are"</summary>
            <dl class="measures__columns">
                {explained.map(|(name, text)| item(name, text)).into_iter().collect_view()}
            </dl>
        </details>
    }
}

fn peak_of(peak: Option<f64>) -> String {
    format!(
        "{} GFLOP/s: the speed of a kernel that only multiplies and adds, with twelve numbers in registers in each of \
         262,144 invocations, as the fastest of several runs of 20 ms or more. A multiply-add is two operations.",
        giga(peak)
    )
}

fn time(profile: &Profile) -> String {
    let clock = match profile.clock {
        Clock::Adapter => "by the graphics card's own clock, read before and after each dispatch",
        Clock::Wall => {
            "by the page's clock, because this card offers none: from the submission of each dispatch to the word that it \
             is done, less what an empty submission takes"
        }
    };
    let step = three(1e3 * profile.resolution_ms);
    let repeats = match profile.most_repeats {
        0 | 1 => "No dispatch had to be repeated for that.".into(),
        most => {
            format!("Short dispatches were therefore repeated, up to {most} times, and the time divided.")
        }
    };
    format!(
        "Milliseconds of all dispatches of the node in one step, forward and backward, {clock}; of two rounds the \
         faster. The clock's smallest step was {step} µs (browsers round it, so that pages cannot spy). {repeats}"
    )
}
