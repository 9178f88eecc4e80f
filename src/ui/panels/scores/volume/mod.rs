//! The scores of the whole volume, or of one of its slices, in voxels and in millimetres.

mod about;
mod control;
mod explain;
mod table;

use leptos::prelude::*;

use crate::metrics::{Scores, Summary, SurfaceKind};
use crate::page::scores::{Measured, Scope};
use crate::ui::parts::{Number, Segmented};
use crate::ui::services::measuring::follow;
use crate::ui::store::{State, Training};
use about::About;
use control::VolumeControls;
use explain::Columns;
use table::ScoreTable;

/// One voxel of the samples: what a hand that draws a label can hope for.
const TOLERANCE_MM: f64 = 3.0;

/// How the surface Dice is to be taken.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Options {
    kind: SurfaceKind,
    tolerance_mm: f64,
}

impl Options {
    fn is_valid(&self) -> bool {
        self.tolerance_mm >= 0.0 && self.tolerance_mm.is_finite()
    }
}

/// What is measured, and the scores that follow under the options.
#[derive(Clone, Debug, PartialEq)]
struct Scored {
    options: Options,
    measured: Measured,
    /// One for each foreground class that has been measured.
    rows: Vec<Scores>,
    summary: Summary,
}

impl Scored {
    fn new(measured: Measured, options: Options) -> Self {
        let rows: Vec<Scores> = measured
            .classes
            .iter()
            .map(|class| class.scores(options.kind, options.tolerance_mm))
            .collect();
        Self {
            summary: Summary::of(&rows),
            measured,
            options,
            rows,
        }
    }
}

#[component]
pub fn VolumeScores(state: State, training: Training) -> impl IntoView {
    let scope = RwSignal::new(Scope::Volume);
    let options = RwSignal::new(Options {
        kind: SurfaceKind::EdgePixels,
        tolerance_mm: TOLERANCE_MM,
    });
    let measured = follow(state, training, scope);
    let scored = Memo::new(move |_| Some(Scored::new(measured.get()?, options.get())));
    let there = Memo::new(move |_| scored.with(Option::is_some));
    view! {
        <h3>"The whole volume"</h3>
        <p>
            "Predicts every axial slice with the weights as they are now, and measures the volume that the slices make: \
             overlap in voxels, distances between surfaces in millimetres. Training waits meanwhile, and can go on afterwards."
        </p>
        <VolumeControls state training/>
        {move || there.get().then(|| view! {
            <div class="controls">
                <Segmented
                    name="Measured in" options=vec![(Scope::Volume, "3D volume"), (Scope::Slice, "2D current slice")]
                    value=scope set=move |to| scope.set(to)
                />
                <Segmented
                    name="Surface Dice by"
                    options=vec![(SurfaceKind::EdgePixels, "edge pixels"), (SurfaceKind::ContourLength, "contour length")]
                    value=Signal::derive(move || options.get().kind)
                    set=move |kind| options.update(|options| options.kind = kind)
                />
                <Number
                    name="Tolerance" hint="how far a surface may be off and still count, for surface Dice"
                    value=Signal::derive(move || options.get().tolerance_mm)
                    set=move |tolerance_mm| options.update(|options| options.tolerance_mm = tolerance_mm)
                    low=0.0 high=20.0 step=0.5 unit="mm"
                />
            </div>
            <p class="problem" role="alert">{move || (!options.get().is_valid()).then_some(
                "The tolerance is no length. Choose a number of millimetres from 0 upwards."
            )}</p>
            <About scored training/>
            <ScoreTable scored/>
            <Columns scored/>
        })}
    }
}
