//! What an entry of `hostile/manifest.json` asks for.

use contour_lab::nifti::{Error, Volume, transform};
use serde_json::Value;

use super::{AFFINE_TOLERANCE, Entry, Loaded, distance, is_close, number, numbers};

/// How a sentence that tells someone what to do begins.
const IMPERATIVES: [&str; 11] = [
    "Choose", "Convert", "Copy", "Correct", "Crop", "Download", "Drop", "Export", "Save", "Set", "Write",
];

/// An error text is a fault, then a remedy.
pub(crate) fn names_a_remedy(error: &Error) -> Vec<String> {
    let text = error.to_string();
    let has = text.split_once(['.', ')']).is_some_and(|_| {
        IMPERATIVES
            .iter()
            .chain(&["Unpack"])
            .any(|verb| text.contains(&format!(". {verb} ")))
    });
    if has {
        Vec::new()
    } else {
        vec![format!("names no remedy: {text}")]
    }
}

pub(crate) fn faults(entry: &Entry, result: &Loaded) -> Vec<String> {
    let expect = entry.expected["expect"].as_str().unwrap();
    let recommended = entry.expected["recommended"].as_str();
    let wanted = if expect == "either" {
        recommended
    } else {
        Some(expect)
    };
    match (result, wanted) {
        (Ok(_), Some("error")) => vec!["loads, where an error is expected".to_owned()],
        (Err(error), Some("load")) => vec![format!("does not load: {error}")],
        (Err(error), _) => names_a_remedy(error),
        (Ok(volume), _) => like_one_of(volume, &entry.about["base"], &entry.expected["nibabel"]),
    }
}

/// Equal to the base file; where the entry has other numbers of nibabel's, those will do as well.
fn like_one_of(volume: &Volume, base: &Value, nibabel: &Value) -> Vec<String> {
    let mut faults = unlike(volume, base, "spacing");
    if faults.is_empty() || nibabel["affine_finite"] != true {
        return finite(volume, faults);
    }
    faults = unlike(volume, nibabel, "zooms");
    finite(volume, faults)
}

fn finite(volume: &Volume, mut faults: Vec<String>) -> Vec<String> {
    if !volume
        .spacing_mm()
        .iter()
        .all(|step| step.is_finite() && *step > 0.0)
    {
        faults.push("spacing is not finite and above 0".to_owned());
    }
    if !transform(volume.world_from_voxel(), [1.0; 3])
        .iter()
        .all(|x| x.is_finite())
    {
        faults.push("the affine is not finite".to_owned());
    }
    faults
}

fn unlike(volume: &Volume, stated: &Value, spacing: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut say = |is_right: bool, what: String| {
        if !is_right {
            faults.push(what);
        }
    };
    let shape: Vec<f64> = volume.header().shape.iter().map(|&size| size as f64).collect();
    say(shape == numbers(&stated["shape"]), format!("shape {shape:?}"));
    let found = volume.file_grid().spacing_mm;
    say(
        distance(&found, &numbers(&stated[spacing])[..3]) <= AFFINE_TOLERANCE,
        format!("spacing {found:?}"),
    );
    for (row, expected) in stated["affine"].as_array().unwrap().iter().enumerate() {
        let found = volume.file_grid().world_from_voxel[row];
        say(
            distance(&found, &numbers(expected)) <= AFFINE_TOLERANCE,
            format!("affine row {row}: {found:?}"),
        );
    }
    say(
        stated["dtype"] == volume.header().datatype.name(),
        "dtype".to_owned(),
    );
    let found = volume.statistics(0..volume.frames(), 0);
    for (key, found) in [("min", found.min), ("max", found.max), ("mean", found.mean)] {
        say(is_close(found, number(&stated[key])), format!("{key} {found}"));
    }
    if !stated["value_at_1_2_3"].is_null() {
        let found = volume.file_value(&[1, 2, 3], 0).unwrap_or(f64::NAN);
        say(
            is_close(found, number(&stated["value_at_1_2_3"])),
            format!("value at 1, 2, 3: {found}"),
        );
    }
    faults
}
