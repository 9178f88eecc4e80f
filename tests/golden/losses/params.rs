//! What the manifest calls a loss, as a choice of ours.

use contour_lab::loss::{Kind, Params};
use serde_json::Value;

use crate::store::number;

/// An op as a choice of ours; `None` for one that is none of ours. Every parameter of the op has to be taken in.
pub fn params(op: &str, given: &Value, class_weight: &[f64]) -> Option<Params> {
    if op == "kind" {
        return serde_json::from_value(given.clone()).ok();
    }
    let mut params = Params::new(match op {
        "ce" => Kind::CrossEntropy,
        "cwce" => Kind::ContourCrossEntropy,
        "sdl" | "sdl_contour" | "sdl_noncontour" => Kind::SeparableDice,
        "cwcd" => Kind::Cwcd,
        "ce_class_weighted" => Kind::WeightedCrossEntropy,
        "ce_label_smoothing" => Kind::LabelSmoothing,
        "ce_pixel_map" => Kind::DistanceCrossEntropy,
        "dice" | "dice_joint" => Kind::Dice,
        "dice_ce" => Kind::DiceCrossEntropy,
        "focal" => Kind::Focal,
        "dice_focal" => Kind::DiceFocal,
        "dice_focal_softmax" => Kind::DiceFocalSoftmax,
        "tversky" => Kind::Tversky,
        "focal_tversky" => Kind::FocalTversky,
        "generalized_dice" | "generalized_dice_authors" => Kind::GeneralisedDice,
        "generalized_wasserstein_dice" => Kind::WassersteinDice,
        "hausdorff_dt" => Kind::Hausdorff,
        "log_hausdorff_dt" => Kind::LogHausdorff,
        "boundary" => Kind::Boundary,
        _ => return None,
    });
    // What the manifest's conventions say where a term says nothing.
    match op {
        "cwce" | "cwcd" => params.set("plain", 0.0),
        "sdl_contour" | "sdl_noncontour" => {
            params.set("lambda_contour", f64::from(op == "sdl_contour"));
            params.set("lambda_rest", f64::from(op == "sdl_noncontour"));
        }
        "ce_class_weighted" => {
            params.set("weights", "given");
            params.set("class_weight", class_weight.to_vec());
        }
        "dice" | "dice_ce" => params.set("background", "with"),
        "dice_joint" => params.set("pool", "joint"),
        "focal" => params.set("reduction", "mean_over_classes_and_pixels"),
        "generalized_dice_authors" => {
            params.set("weighting", "authors");
            params.set("background", "without");
            params.set("pool", "joint");
        }
        "boundary" => params.set("beta", 0.0),
        _ => {}
    }
    if matches!(op, "sdl" | "sdl_contour" | "sdl_noncontour" | "cwcd") {
        params.set("absent", "include");
    }
    for (key, value) in given.as_object()? {
        set(&mut params, op, key, value, class_weight)?;
    }
    Some(params)
}

/// `None` for a parameter that nobody knows.
fn set(params: &mut Params, op: &str, key: &str, value: &Value, class_weight: &[f64]) -> Option<()> {
    let same = params
        .definition()
        .parameters
        .iter()
        .any(|known| known.key == key);
    match (key, value) {
        ("w", _) => params.set("lambda_w", number(value)),
        ("lambda_c", _) => params.set("lambda_contour", number(value)),
        ("lambda_noc", _) => params.set("lambda_rest", number(value)),
        ("class_weight", Value::Bool(true)) => params.set(key, class_weight.to_vec()),
        ("include_background", Value::Bool(with)) => {
            params.set("background", if *with { "with" } else { "without" });
        }
        ("batch", Value::Bool(batch)) => params.set(
            "pool",
            match (op, batch) {
                ("generalized_dice", true) => "joint",
                ("generalized_dice", false) => "joint_item",
                (_, true) => "per_class_batch",
                (_, false) => "per_class_item",
            },
        ),
        ("squared_pred", Value::Bool(true)) => params.set("form", "squared"),
        ("jaccard", Value::Bool(true)) => params.set("form", "jaccard"),
        ("use_softmax", Value::Bool(false)) => params.set("form", "sigmoid"),
        ("w_type", Value::String(kind)) => params.set("weighting", kind.as_str()),
        ("alpha", Value::Number(_)) if op == "focal" => {
            params.set("balance", "alpha");
            params.set("alpha", number(value));
        }
        (_, Value::Number(_)) if same => params.set(key, number(value)),
        (_, Value::String(word)) if same => params.set(key, word.as_str()),
        _ => return None,
    }
    Some(())
}
