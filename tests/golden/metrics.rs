//! Segmentation metrics: every number of every library, and what the empty-class rule says where they disagree.

use std::collections::BTreeSet;

use contour_lab::gpu::Context;
use contour_lab::metrics::{Comparison, Distances, Field, Overlap, Presence};
use serde_json::Value;

use crate::report::{Path, Report};
use crate::store::{Group, number};

/// The group's own tolerance for overlaps and surface Dice of libraries that compute in float32.
const F32_SCORE: f64 = 1e-6;
/// The group's own tolerance for distances of libraries that compute in float32, of the distance.
const F32_DISTANCE_RELATIVE: f64 = 1e-5;
/// Added to an expectation to see that the comparison bites: a hundred of the coarsest tolerances.
const NUDGE: f64 = 1e-3;

pub fn check(_context: &Context, group: &Group, report: &mut Report) {
    for case in group.cases() {
        report.case();
        let id = case["id"].as_str().expect("an id");
        let truth = group.array(&case["truth"]);
        let mut prediction = group.array(&case["prediction"]).u32();
        let shape = truth.shape.clone();
        let truth = truth.u32();
        check_case(case, id, &prediction, &truth, &shape, 0.0, report);

        let classes = case["n_classes"].as_u64().expect("n_classes") as u32;
        let first = prediction[0];
        prediction[0] = (first + 1) % classes;
        bites(report, &format!("{id} with a changed pixel"), |scratch| {
            check_case(case, id, &prediction, &truth, &shape, 0.0, scratch);
        });
    }
    // Each name of the group's numbers must bite by itself.
    for name in names(group) {
        bites(report, &format!("a nudged {name}"), |scratch| {
            scratch.only(&name);
            for case in group.cases() {
                let [truth, prediction] = ["truth", "prediction"].map(|key| group.array(&case[key]));
                let (shape, truth, prediction) = (&truth.shape, truth.u32(), prediction.u32());
                check_case(case, "nudged", &prediction, &truth, shape, NUDGE, scratch);
            }
        });
    }
}

fn bites(report: &mut Report, what: &str, check: impl FnOnce(&mut Report)) {
    let mut scratch = Report::new("bites");
    check(&mut scratch);
    if !scratch.has_failures() {
        report.fail(format!("{what} went unnoticed"));
    }
}

/// `section.key` of everything that a row holds.
fn names(group: &Group) -> BTreeSet<String> {
    let rows = group
        .cases()
        .iter()
        .flat_map(|case| case["rows"].as_array().expect("rows"));
    rows.flat_map(|row| {
        let sections = row.as_object().expect("a row").iter();
        sections.flat_map(|(section, values)| {
            let keys = values.as_object().into_iter().flatten();
            keys.map(move |(key, _)| format!("{section}.{key}"))
        })
    })
    .collect()
}

fn check_case(
    case: &Value,
    id: &str,
    prediction: &[u32],
    truth: &[u32],
    shape: &[usize],
    nudge: f64,
    report: &mut Report,
) {
    for row in case["rows"].as_array().expect("rows") {
        let class = row["class"].as_u64().expect("a class") as u32;
        let spacing: Vec<f64> = row["spacing"]
            .as_array()
            .expect("spacing")
            .iter()
            .map(number)
            .collect();
        let field = match (shape, &spacing[..]) {
            (&[height, width], &[y, x]) => Field::slice([height, width], [y, x]),
            (&[depth, height, width], &[z, y, x]) => Field::volume([depth, height, width], [z, y, x]),
            _ => panic!("{id}: shape {shape:?} with spacing {spacing:?}"),
        };
        let ours = Comparison::new(prediction, truth, class, field);
        for (section, values) in row.as_object().expect("a row") {
            if section == "class" || section == "spacing" {
                continue;
            }
            report.term();
            let what = format!("{id} class {class} spacing {spacing:?} {section}");
            let Some(values) = values.as_object() else {
                let is_right =
                    values.is_null() && section == "edge_pixels_float64" && ours.presence() != Presence::Both;
                if !is_right {
                    report.fail(format!(
                        "{what}: nothing is expected where both masks hold something"
                    ));
                }
                continue;
            };
            for (key, value) in values {
                check_value(section, key, value, &ours, &what, nudge, report);
            }
        }
    }
}

/// One number of ours, as the sections name them.
enum Ours {
    Count(u64),
    /// Of both masks, between 0 and 1 where both hold something.
    Score(Option<f64>),
    /// In mm.
    Distance(Option<f64>),
}

fn ours_for(section: &str, key: &str, ours: &Comparison) -> Option<Ours> {
    let Overlap {
        predicted,
        reference,
        both,
    } = ours.overlap;
    let surface = match (section, key) {
        ("deepmind", _) => &ours.contours,
        (_, key) if key.ends_with("_subpixel") => &ours.contours,
        _ => &ours.edge_pixels,
    };
    let distance = |of: fn(&Distances) -> f64| {
        Ours::Distance(ours.presence().distance(ours.field.diagonal_mm(), || of(surface)))
    };
    let surface_dice = |tolerance: &str| {
        let tolerance = tolerance
            .trim_end_matches("_subpixel")
            .parse()
            .expect("a tolerance");
        Ours::Score(ours.presence().score(|| surface.surface_dice(tolerance)))
    };
    Some(match (section, key) {
        ("counts", "intersection") => Ours::Count(both),
        ("counts", "pred") => Ours::Count(predicted),
        ("counts", "truth") => Ours::Count(reference),
        ("edge_pixels_float64", "n_edge_pred") => Ours::Count(surface.to_reference.len() as u64),
        ("edge_pixels_float64", "n_edge_truth") => Ours::Count(surface.to_prediction.len() as u64),
        (_, "dice" | "dice_empty_counts") => Ours::Score(ours.overlap.dice()),
        (_, "iou" | "iou_empty_counts" | "jaccard") => Ours::Score(ours.overlap.iou()),
        (_, "hd") => distance(Distances::hausdorff_mm),
        (_, "hd95_max_of_directed") | ("monai", "hd95") => distance(Distances::hausdorff95_directed_mm),
        (_, "hd95_pooled") | ("medpy", "hd95") => distance(Distances::hausdorff95_pooled_mm),
        ("deepmind", "hd95") => distance(Distances::hausdorff95_by_size_mm),
        (_, "asd_pred_to_truth") | ("medpy", "asd") => distance(|distances| distances.to_reference.mean_mm()),
        (_, "asd_truth_to_pred") => distance(|distances| distances.to_prediction.mean_mm()),
        (_, "assd_pooled" | "assd") => distance(Distances::assd_mm),
        (_, "assd_mean_of_directed") => {
            distance(|distances| (distances.to_reference.mean_mm() + distances.to_prediction.mean_mm()) / 2.0)
        }
        (_, key) => surface_dice(key.strip_prefix("nsd_")?),
    })
}

fn check_value(
    section: &str,
    key: &str,
    value: &Value,
    ours: &Comparison,
    what: &str,
    nudge: f64,
    report: &mut Report,
) {
    let name = format!("{section}.{key}");
    let what = format!("{what}.{key}");
    let (got, worst) = match ours_for(section, key, ours) {
        None => return report.fail(format!("{what}: nothing reads this")),
        Some(Ours::Count(count)) => {
            let expected = value.as_u64().map(|count| count + u64::from(nudge > 0.0));
            return report.named(&name, |report| {
                report.equal(Path::Twin, &what, &[Some(count)], &[expected])
            });
        }
        Some(Ours::Score(score)) => (score, 0.0),
        Some(Ours::Distance(distance)) => (distance, ours.field.diagonal_mm()),
    };
    report.named(&name, |report| {
        if ours.presence() == Presence::Both {
            let Answer::Number(expected) = Answer::read(value) else {
                return report.fail(format!(
                    "{what}: {value} is expected, and both masks hold something"
                ));
            };
            let expected = expected + nudge;
            let got = [got.unwrap_or(f64::NAN)];
            if section == "monai" {
                let tolerance = if worst > 0.0 {
                    F32_DISTANCE_RELATIVE * expected.abs().max(F32_SCORE)
                } else {
                    F32_SCORE
                };
                report.close(Path::Twin, &what, &got, &[expected], tolerance);
            } else {
                report.close_twin(&what, &got, &[expected], false);
            }
            return;
        }
        let rule = (ours.presence() == Presence::Missed).then_some(worst);
        report.equal(Path::Twin, &format!("{what} by the rule"), &[got], &[rule]);
        let theirs = theirs(section, key, ours);
        report.equal(
            Path::Twin,
            &format!("{what} by the library"),
            &[Answer::read(value)],
            &[theirs],
        );
        // Only a plain 0 for a missed class agrees with the rule; every other answer is one that it replaces.
        let agrees = matches!((theirs, got), (Answer::Number(number), Some(got)) if number == got);
        if agrees != (theirs == Answer::Number(0.0) && rule == Some(0.0)) {
            report.fail(format!(
                "{what}: {theirs:?} of the library against {got:?} by the rule"
            ));
        }
    });
}

/// What a library says where a mask is empty.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    Number(f64),
    Nan,
    Infinite,
    /// An exception about the first mask (the prediction), or the second.
    RaisesOnPrediction,
    RaisesOnTruth,
}

impl Answer {
    fn read(value: &Value) -> Self {
        match value.as_str() {
            Some("nan") => Self::Nan,
            Some("inf") => Self::Infinite,
            Some(text) if text.starts_with("raises: The first supplied array") => Self::RaisesOnPrediction,
            Some(text) if text.starts_with("raises: The second supplied array") => Self::RaisesOnTruth,
            _ => Self::Number(number(value)),
        }
    }
}

/// Each library's own answer for empty masks. They disagree, which is why there is a rule.
fn theirs(section: &str, key: &str, ours: &Comparison) -> Answer {
    let no_prediction = ours.overlap.predicted == 0;
    let no_truth = ours.overlap.reference == 0;
    let both = no_prediction && no_truth;
    let zero_unless = |nan: bool| if nan { Answer::Nan } else { Answer::Number(0.0) };
    match (section, key) {
        ("monai", "dice" | "iou") => zero_unless(no_truth),
        ("monai", "dice_empty_counts" | "iou_empty_counts") | ("medpy", "jaccard") => {
            Answer::Number(f64::from(u8::from(both)))
        }
        ("monai", "hd95") => Answer::Nan,
        ("monai", "hd" | "asd_pred_to_truth" | "assd") if both => Answer::Nan,
        ("deepmind", "asd_truth_to_pred") if no_truth => Answer::Nan,
        ("deepmind", "asd_pred_to_truth") if no_prediction => Answer::Nan,
        ("medpy", "hd" | "hd95" | "asd" | "assd") if no_prediction => Answer::RaisesOnPrediction,
        ("medpy", "hd" | "hd95" | "asd" | "assd") => Answer::RaisesOnTruth,
        (_, key) if key == "dice" || key.starts_with("nsd_") => zero_unless(both),
        _ => Answer::Infinite,
    }
}
