//! The verdict in words, with its numbers.

use super::patch::Patch;
use crate::contour::walk::{Cell, Found, Phase, Reason, Step, Verdict};
use crate::contour::{Border, Operator};

/// More offsets than these are counted, not listed.
const LISTED: usize = 3;

/// The verdict in a word or two, and why.
pub fn verdict(patch: &Patch, steps: usize) -> (&'static str, String) {
    let Some(last) = steps.checked_sub(1) else {
        let first = if patch.choice().operator == Operator::Erode {
            "erosion"
        } else {
            "dilation"
        };
        return (
            "Ready.",
            format!(
                "G is {}. For the {first}, B will visit every pixel of the patch, row by row.",
                patch.name
            ),
        );
    };
    let step = patch.walk.step(last);
    let lead = match step.verdict {
        Verdict::Kept => "Kept.",
        Verdict::Removed => "Removed.",
        Verdict::Added => "Added.",
        Verdict::StaysOut => "Stays out.",
        Verdict::Contour => "Contour.",
        Verdict::NotContour => "Not contour.",
    };
    let mut why = match &step.reason {
        Reason::Difference { larger, smaller } => difference(patch, &step, *larger, *smaller),
        Reason::Element(cells) if step.phase == Phase::Erode => erosion(patch, &step, cells),
        Reason::Element(cells) => dilation(patch, &step, cells),
    };
    if steps == patch.walk.len() {
        let (count, area) = (patch.contour_pixels(steps), patch.walk.window().area());
        why += &format!(
            " The walk is done: {count} of {area} pixels are contour of {}.",
            patch.name
        );
    }
    (lead, why)
}

/// `G ⊖ B`, with as many ⊖ as there are iterations.
pub fn eroded(patch: &Patch) -> String {
    repeated("⊖", patch.choice().iterations)
}

pub fn dilated(patch: &Patch) -> String {
    repeated("⊕", patch.choice().iterations)
}

fn repeated(sign: &str, iterations: u32) -> String {
    match iterations {
        1 | 2 => format!("G{}", format!(" {sign} B").repeat(iterations as usize)),
        n => format!("G {sign} B … {n} times"),
    }
}

/// Names of the sets between which the difference is taken.
pub fn sides(patch: &Patch) -> [String; 2] {
    match patch.choice().operator {
        Operator::Erode => ["G".into(), eroded(patch)],
        Operator::Dilate => [dilated(patch), "G".into()],
        Operator::Gradient => [dilated(patch), eroded(patch)],
    }
}

fn difference(patch: &Patch, step: &Step, larger: bool, smaller: bool) -> String {
    let [minuend, subtrahend] = sides(patch);
    let at = place(step);
    match (larger, smaller) {
        (true, false) => {
            format!(
                "The pixel {at} is in {minuend} but not in {subtrahend}: 1 − 0 = 1. It belongs to the contour."
            )
        }
        (true, true) => {
            format!(
                "The pixel {at} is in {minuend} and in {subtrahend}: 1 − 1 = 0. It lies inside, off the contour."
            )
        }
        (false, _) => {
            format!(
                "The pixel {at} is neither in {minuend} nor in {subtrahend}: 0 − 0 = 0. It lies outside, off the contour."
            )
        }
    }
}

fn erosion(patch: &Patch, step: &Step, cells: &[Cell]) -> String {
    let found = counted(patch, step, cells);
    let beyond = cells
        .iter()
        .filter(|cell| cell.found == Found::Beyond { counts: true })
        .count();
    let excused = match beyond {
        0 => String::new(),
        1 => " 1 lies outside the image, which never erodes.".into(),
        n => format!(" {n} lie outside the image, which never erodes."),
    };
    match step.verdict {
        Verdict::Kept => format!("{found}.{excused} So the pixel is kept."),
        Verdict::Removed => {
            format!(
                "{found}.{excused} {}, so the pixel is removed: it will be contour.",
                missed(patch, cells)
            )
        }
        _ if step.iteration > 1 && was_in(patch, step) => {
            format!(
                "An earlier erosion has removed {}. An erosion adds nothing, so it stays out.",
                place(step)
            )
        }
        _ => format!(
            "{found}, but not the one under the anchor. An erosion adds nothing, so the pixel stays out."
        ),
    }
}

fn dilation(patch: &Patch, step: &Step, cells: &[Cell]) -> String {
    let found = counted(patch, step, cells);
    let beyond = cells
        .iter()
        .any(|cell| matches!(cell.found, Found::Beyond { .. }));
    let outside = if beyond {
        " Nothing grows in from outside the image."
    } else {
        ""
    };
    match step.verdict {
        Verdict::Kept => {
            format!("{found}, the one under the anchor among them. A dilation keeps what is in.")
        }
        Verdict::Added => {
            format!("{found}.{outside} One is enough, so the pixel is added: it will be contour.")
        }
        _ => format!("{found}.{outside} So the pixel stays out."),
    }
}

/// Whether the pixel was in the class before any pass.
fn was_in(patch: &Patch, step: &Step) -> bool {
    let last = patch.walk.passes().len() - 1;
    patch.walk.before(last, step.pixel.map(|index| index as i32)) == Some(true)
}

/// "8 of the 9 pixels of B at (47, 33) belong to liver", without a full stop.
fn counted(patch: &Patch, step: &Step, cells: &[Cell]) -> String {
    let inside = cells.iter().filter(|cell| cell.found == Found::Inside).count();
    let (all, unit, at) = (cells.len(), patch.unit(), place(step));
    let name = &patch.name;
    let set = match (step.phase, step.iteration) {
        (_, 1) => name.clone(),
        (Phase::Dilate, n) => format!("what dilation {} made of {name}", n - 1),
        (_, n) => format!("what erosion {} left of {name}", n - 1),
    };
    match inside {
        0 => format!("None of the {all} {unit} of B at {at} belongs to {set}"),
        1 => format!("1 of the {all} {unit} of B at {at} belongs to {set}"),
        n if n == all => format!("All {all} {unit} of B at {at} belong to {set}"),
        n => format!("{n} of the {all} {unit} of B at {at} belong to {set}"),
    }
}

/// Which cells speak against the pixel: "The one to the left, at (+1, 0), does not".
fn missed(patch: &Patch, cells: &[Cell]) -> String {
    let misses: Vec<&Cell> = cells.iter().filter(|cell| !cell.found.is_hit()).collect();
    let beyond = misses
        .iter()
        .filter(|cell| matches!(cell.found, Found::Beyond { .. }))
        .count();
    let said = match misses.as_slice() {
        [one] => {
            let way = direction(patch.turned(one.offset), one.offset[2]);
            let at = written(patch, one.offset);
            if beyond == 1 {
                return format!("The one at {at} lies outside the image, which counts as background");
            }
            if way.is_empty() {
                format!("The one at {at} does not")
            } else {
                format!("The one {way}at {at}, does not")
            }
        }
        some if some.len() <= LISTED => {
            let places: Vec<_> = some.iter().map(|cell| written(patch, cell.offset)).collect();
            let (last, first) = places
                .split_last()
                .map_or((String::new(), String::new()), |(last, first)| {
                    (last.clone(), first.join(", "))
                });
            format!("Those at {first} and {last} do not")
        }
        many => format!("{} do not", many.len()),
    };
    match (beyond, patch.choice().border) {
        (1, Border::Background) => format!("{said} (1 lies outside the image, which counts as background)"),
        (2.., Border::Background) => {
            format!("{said} ({beyond} lie outside the image, which counts as background)")
        }
        _ => said,
    }
}

/// Such as "to the upper left, "; nothing where it is further away.
fn direction(drawn: [i32; 2], through: i32) -> &'static str {
    match (drawn, through) {
        ([-1, 0], 0) => "to the left, ",
        ([1, 0], 0) => "to the right, ",
        ([0, -1], 0) => "above, ",
        ([0, 1], 0) => "below, ",
        ([-1, -1], 0) => "to the upper left, ",
        ([1, -1], 0) => "to the upper right, ",
        ([-1, 1], 0) => "to the lower left, ",
        ([1, 1], 0) => "to the lower right, ",
        _ => "",
    }
}

/// `(+1, 0)`, with the third axis where B has one; not to be broken over two lines.
fn written(patch: &Patch, offset: [i32; 3]) -> String {
    let axes = if patch.unit() == "voxels" { 3 } else { 2 };
    let parts: Vec<_> = offset[..axes]
        .iter()
        .map(|by| match by {
            0 => "0".into(),
            _ => format!("{by:+}").replace('-', "−"),
        })
        .collect();
    format!("({})", parts.join(",\u{a0}"))
}

fn place(step: &Step) -> String {
    let [column, row] = step.pixel;
    format!("({column},\u{a0}{row})")
}
