//! What each column means, with the numbers of this volume.

use leptos::prelude::*;

use super::Scored;
use crate::metrics::{Metric, SurfaceKind};
use crate::page::trim;

#[component]
pub fn Columns(scored: Memo<Option<Scored>>) -> impl IntoView {
    let column = |metric: Metric| {
        let unit = match metric.unit() {
            "" => "no unit, 1 is best".to_owned(),
            unit => format!("in {unit}, 0 is best"),
        };
        view! {
            <div>
                <dt>{metric.name()}</dt>
                <dd>
                    {metric.formula()}" ("{unit}"). "<span class="muted">{metric.source()}"."</span>
                </dd>
            </div>
        }
    };
    let read = move |read: fn(&Scored) -> String| {
        move || scored.with(|scored| scored.as_ref().map(read).unwrap_or_default())
    };
    let field = read(|scored| {
        let field = scored.measured.field;
        let [z, y, x] = field.spacing_mm().map(trim);
        let voxel = if field.is_slice() {
            format!("{x} × {y} mm")
        } else {
            format!("{x} × {y} × {z} mm")
        };
        format!(
            "A voxel measures {voxel}; the diagonal of the field of view, which stands for a distance that cannot be measured, is {:.2} mm here.",
            field.diagonal_mm()
        )
    });
    let surface = read(|scored| {
        let tolerance = trim(scored.options.tolerance_mm);
        match scored.options.kind {
            SurfaceKind::EdgePixels => format!(
                "Surface Dice counts edge pixels within {tolerance} mm, as MONAI does. A tolerance below one voxel counts only what is exact."
            ),
            SurfaceKind::ContourLength => format!(
                "Surface Dice weighs points between voxels, within {tolerance} mm, by the length of contour (in 3D the area of the marching-cubes surface) that runs through them, as DeepMind's surface-distance does."
            ),
        }
    });
    let extent = read(|scored| {
        if scored.measured.field.is_slice() {
            "Predicted and reference: area of the class in the slice, in square centimetres.".into()
        } else {
            "Predicted and reference: volume of the class, in millilitres: voxels × volume of a voxel.".into()
        }
    });
    view! {
        <details class="aside">
            <summary>"What do the columns mean?"</summary>
            <dl class="measures__columns">{Metric::ALL.map(column).collect_view()}</dl>
            <p class="note">
                "Distances run between the centres of edge voxels: voxels of the class that have a neighbour outside it, \
                 4 neighbours in a slice and 6 in a volume, where beyond the image is outside. Overlaps and distances are \
                 taken on the image's own voxels, to which the prediction is brought back by nearest neighbour. They are computed \
                 on the processor in 64-bit numbers."
            </p>
            <p class="note">{field}</p>
            <p class="note">{surface}</p>
            <p class="note">{extent}</p>
        </details>
    }
}
