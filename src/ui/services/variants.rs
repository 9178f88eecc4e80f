//! Which variants of the kernels are used: remembered in the browser, forced by the page's address.

use leptos::prelude::*;
use web_sys::UrlSearchParams;

use crate::engine::Kernels;
use crate::gpu::Choices;
use crate::net::{LEFT_OUT, take_usual, why_usual};
use crate::plan::engine::Graphics;
use crate::selfcheck;
use crate::ui::ground::browser;
use crate::ui::store::Compute;

/// Under which name the browser remembers them.
const KEY: &str = "contour-lab variants";

/// Says what is wrong with the variants in the address.
pub fn check(compute: Compute) {
    let outcome = Choices::default().force_all(&wanted(compute).forced, &selfcheck::variants());
    compute.variant_fault.set(outcome.err());
}

/// What was measured before on this adapter, and what the address forces.
pub fn wanted(compute: Compute) -> Kernels {
    let search = window().location().search().unwrap_or_default();
    let asked = UrlSearchParams::new_with_str(&search).ok();
    let forced = asked.map(|asked| asked.get_all("variant").into_iter());
    let forced: Vec<String> = forced
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_string())
        .collect();
    Kernels {
        adapter: compute.adapter_name.get_untracked(),
        remembered: browser::recall(KEY),
        forced: forced.join(","),
    }
}

/// Remembers what was measured.
pub fn keep(measured: &str) {
    browser::remember(KEY, measured);
}

/// Each op with variants: which of them are known, forced, or were measured to be the fastest for a shape.
pub fn lines(compute: Compute) -> Vec<String> {
    let choices = Choices::default();
    let wanted = wanted(compute);
    if let Some(remembered) = &wanted.remembered {
        // What was measured on another adapter is not used.
        let _ = choices.from_json(&wanted.adapter, remembered);
    }
    // What is not known stands in the banner.
    let _ = choices.force_all(&wanted.forced, &selfcheck::variants());
    let known = selfcheck::variants()
        .into_iter()
        .map(|(stem, names)| format!("{stem}: {}", names.join(", ")));
    let forced = choices
        .forced()
        .into_iter()
        .map(|[stem, variant]| format!("{stem}, every shape: {variant} (forced by the address)"));
    let measured = choices.measured().into_iter();
    let measured = measured
        .filter(|[.., names]| !names.is_empty())
        .map(|[stem, key, names]| {
            if key == LEFT_OUT {
                format!("{stem}, far behind on this adapter and not tried: {names}")
            } else {
                format!("{stem}, {key}: {names} (the fastest when measured)")
            }
        });
    if let Graphics::Found { kind, .. } = compute.graphics.get_untracked() {
        take_usual(&choices, kind);
    }
    let usual = choices.usual().into_iter().map(|[stem, variant]| {
        let why = why_usual(&stem, &variant).unwrap_or("usual");
        format!("{stem}, where nothing is measured: {variant} ({why})")
    });
    known.chain(forced).chain(measured).chain(usual).collect()
}
