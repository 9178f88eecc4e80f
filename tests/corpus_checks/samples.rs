//! The sample pairs against `samples.json`: place, values, class counts, and which of the two is the label.

use std::path::Path;

use contour_lab::nifti::{LabelDraft, Severity, check_pair, sort_dropped};
use serde_json::Value;

use super::{AFFINE_TOLERANCE, distance, number, numbers};

/// Panics at the first fault; returns the number of pairs.
pub(crate) fn check(folder: &Path) -> usize {
    let text = std::fs::read_to_string(folder.join("samples.json")).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    let mut pairs = 0;
    for (name, sample) in list.as_object().unwrap() {
        let Some(image) = sample["image"].as_str() else {
            continue;
        };
        let label = sample["label"].as_str().unwrap();
        // Neutral names, label first: content alone must tell.
        let read = |file: &str, name: &str| (name.to_owned(), std::fs::read(folder.join(file)).unwrap());
        let dropped = sort_dropped(vec![read(label, "a.nii.gz"), read(image, "b.nii.gz")]).unwrap();
        assert_eq!(dropped.images.len(), 1, "{name}: {}", dropped.reason);
        assert_eq!(dropped.images[0].name, "b.nii.gz", "{name}: {}", dropped.reason);
        assert!(dropped.is_certain, "{name}: {}", dropped.reason);
        let image = &dropped.images[0].volume;
        let label = &dropped.label.as_ref().unwrap().volume;

        assert_eq!(image.axis_codes(), sample["axcodes"].as_str().unwrap(), "{name}");
        assert_eq!(
            image.header().datatype.name(),
            sample["dtype"].as_str().unwrap(),
            "{name}"
        );
        let file = image.file_grid();
        assert_eq!(
            file.shape.map(|n| n as f64).to_vec(),
            numbers(&sample["shape"]),
            "{name}"
        );
        assert!(
            distance(&file.spacing_mm, &numbers(&sample["spacing"])) <= AFFINE_TOLERANCE,
            "{name}"
        );
        for (row, stated) in sample["affine"].as_array().unwrap().iter().enumerate() {
            assert!(
                distance(&file.world_from_voxel[row], &numbers(stated)) <= AFFINE_TOLERANCE,
                "{name}"
            );
        }
        let statistics = image.statistics(0..1, 0);
        assert_eq!(statistics.min, number(&sample["intensity"]["min"]), "{name}");
        assert_eq!(statistics.max, number(&sample["intensity"]["max"]), "{name}");

        let draft = LabelDraft::read(label).unwrap();
        let findings = check_pair(image, &draft);
        assert!(
            findings.iter().all(|found| found.severity < Severity::Blocker),
            "{name}: {findings:?}"
        );
        let map = draft.finish(image).unwrap();
        assert_eq!(map.grid().shape, image.grid().shape);
        let counts = map.counts();
        for class in sample["classes"].as_array().unwrap() {
            let id = class["id"].as_u64().unwrap() as usize;
            let voxels = class["voxels"].as_u64().unwrap() as usize;
            assert_eq!(counts.get(id).copied().unwrap_or(0), voxels, "{name}: class {id}");
        }
        pairs += 1;
    }
    pairs
}
