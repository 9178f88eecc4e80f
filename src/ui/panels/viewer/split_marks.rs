//! Which slices train and which validate, under the slice slider.

use std::sync::Arc;

use leptos::prelude::*;

use crate::nifti::Plane;
use crate::page::Study;

/// Runs of slices of one kind, drawn to the slider's scale. Only axial slices are learned from.
#[component]
pub fn SplitMarks(study: Signal<Option<Arc<Study>>>, #[prop(into)] plane: Signal<Plane>) -> impl IntoView {
    let marks = move || {
        if plane.get() != Plane::Axial {
            return Vec::new();
        }
        study.with(|study| {
            let Some(study) = study else { return Vec::new() };
            let slices = study.shape[2];
            let of = |kind, numbers: &[usize]| {
                runs(numbers)
                    .into_iter()
                    .map(move |run| (kind, run))
                    .collect::<Vec<_>>()
            };
            let mut all = of("train", &study.split.train);
            all.extend(of("validation", &study.split.validation));
            all.into_iter()
                .map(|(kind, run)| (kind, place(run, slices)))
                .collect()
        })
    };
    let mark = |(kind, [left, width]): (&'static str, [f64; 2])| {
        view! {
            <span
                class=format!("marks__run marks__run--{kind}")
                style:left=format!("{left:.2}%") style:width=format!("{width:.2}%")
            ></span>
        }
    };
    view! { <span class="marks" aria-hidden="true">{move || marks().into_iter().map(mark).collect_view()}</span> }
}

/// First and last number of each run without a gap.
fn runs(numbers: &[usize]) -> Vec<[usize; 2]> {
    let mut runs: Vec<[usize; 2]> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == number => *last = number,
            _ => runs.push([number, number]),
        }
    }
    runs
}

/// Left edge and width in percent; slice i lies at i / (slices − 1), as on the slider.
fn place([first, last]: [usize; 2], slices: usize) -> [f64; 2] {
    let span = 100.0 / (slices.max(2) - 1) as f64;
    [first as f64 * span - span / 2.0, (last - first + 1) as f64 * span]
}
