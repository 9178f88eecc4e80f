//! Everything that an entry of `conformance/expected.json` says.

use contour_lab::nifti::{
    AffineSource, ByteOrder, LabelDraft, Orientation, Plane, Version, Volume, transform,
};
use serde_json::Value;

use super::hostile::names_a_remedy;
use super::{AFFINE_TOLERANCE, Entry, Loaded, distance, indices, is_close, number, numbers};

/// Keys that tell a reader about the file and state nothing to hold a value against.
const DESCRIPTIVE: [&str; 9] = [
    "files",
    "what",
    "policy",
    "nibabel",
    "real",
    "bytes",
    "sha256",
    "affine_note",
    "affine_method1",
];

const CHECKED: [&str; 28] = [
    "error",
    "format",
    "gzip",
    "endian",
    "datatype",
    "dtype",
    "shape",
    "zooms",
    "spacing",
    "qform_code",
    "sform_code",
    "affine_source",
    "affine",
    "axcodes",
    "xyzt_units",
    "intent_code",
    "slope",
    "inter",
    "n_extensions",
    "min",
    "max",
    "mean",
    "nan_count",
    "inf_count",
    "voxels",
    "marks",
    "components",
    "per_component",
];
const CHECKED_RARELY: [&str; 3] = ["label_counts", "cal_min", "cal_max"];

fn is_checked(key: &str) -> bool {
    CHECKED.contains(&key) || CHECKED_RARELY.contains(&key)
}

pub(crate) fn unknown_keys(entry: &Entry) -> Vec<String> {
    keys(entry, |key| !is_checked(key) && !DESCRIPTIVE.contains(&key))
}

pub(crate) fn checked_keys(entry: &Entry) -> Vec<String> {
    keys(entry, is_checked)
}

fn keys(entry: &Entry, keep: impl Fn(&str) -> bool) -> Vec<String> {
    let fields = entry.expected.as_object().unwrap().iter();
    fields
        .filter(|(key, value)| keep(key) && !value.is_null())
        .map(|(key, _)| key.clone())
        .collect()
}

pub(crate) fn faults(entry: &Entry, result: &Loaded) -> Vec<String> {
    let expected = &entry.expected;
    let must_fail = expected["error"].as_bool().unwrap_or(false);
    let may_fail = expected["policy"]
        .as_str()
        .is_some_and(|policy| policy.contains("refuse") && !policy.contains("must refuse"));
    match result {
        Ok(_) if must_fail => vec!["loads, where it must be refused".to_owned()],
        Ok(volume) => {
            let mut faults = Faults::default();
            header(expected, volume, &mut faults);
            faults.say(
                expected["gzip"]
                    == Value::Bool(entry.files.iter().all(|(_, b)| b.starts_with(&[0x1f, 0x8b]))),
                "gzip",
            );
            place(expected, volume, &mut faults);
            voxels(expected, volume, &mut faults);
            statistics(expected, volume, &mut faults);
            labels(expected, volume, &mut faults);
            faults.0
        }
        Err(error) if must_fail || may_fail => names_a_remedy(error),
        Err(error) => vec![format!("does not load: {error}")],
    }
}

#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn say(&mut self, is_right: bool, what: impl Into<String>) {
        if !is_right {
            self.0.push(what.into());
        }
    }

    /// A list that states nothing (no finite voxel has no mean) asks for nothing.
    fn close(&mut self, found: f64, expected: &Value, what: &str) {
        if expected.is_null() {
            return;
        }
        let expected = number(expected);
        self.say(
            is_close(found, expected),
            format!("{what}: {found}, not {expected}"),
        );
    }
}

fn header(expected: &Value, volume: &Volume, faults: &mut Faults) {
    let header = volume.header();
    let version = if header.version == Version::One {
        "nifti1"
    } else {
        "nifti2"
    };
    let layout = if header.is_pair { "pair" } else { "single" };
    faults.say(expected["format"] == format!("{version}-{layout}"), "format");
    let endian = if header.byte_order == ByteOrder::Little {
        "little"
    } else {
        "big"
    };
    faults.say(expected["endian"] == endian, "endian");
    faults.say(
        expected["datatype"] == i64::from(header.datatype.code()),
        "datatype",
    );
    faults.say(
        dtype_agrees(expected["dtype"].as_str(), header.datatype.name()),
        format!("dtype {}", header.datatype.name()),
    );
    faults.say(
        expected["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap())
            .eq(header.shape.iter().copied()),
        "shape",
    );
    faults.say(
        distance(&header.zooms(), &numbers(&expected["zooms"])) <= AFFINE_TOLERANCE,
        "zooms",
    );
    faults.say(
        expected["qform_code"] == i64::from(header.qform_code),
        "qform_code",
    );
    faults.say(
        expected["sform_code"] == i64::from(header.sform_code),
        "sform_code",
    );
    faults.say(
        expected["xyzt_units"] == i64::from(header.xyzt_units),
        "xyzt_units",
    );
    faults.say(
        expected["intent_code"] == i64::from(header.intent_code),
        "intent_code",
    );
    faults.say(
        expected["n_extensions"] == header.extensions as u64,
        "n_extensions",
    );
    faults.close(header.slope, &expected["slope"], "slope");
    faults.close(header.inter, &expected["inter"], "inter");
    for (key, found) in [("cal_min", header.cal_min), ("cal_max", header.cal_max)] {
        if !expected[key].is_null() {
            faults.close(found, &expected[key], key);
        }
    }
    let components = expected["components"].as_u64().unwrap_or(1);
    faults.say(components == volume.components() as u64, "components");
}

/// Libraries differ in what they call colours.
fn dtype_agrees(stated: Option<&str>, found: &str) -> bool {
    stated.is_some_and(|stated| match found {
        "rgb" => ["rgb", "rgb24"].contains(&stated),
        "rgba" => ["rgba", "rgba32"].contains(&stated),
        _ => stated == found,
    })
}

/// The lists keep the file's own unit; volumes are in millimetres.
fn millimetres(expected: &Value) -> f64 {
    match expected["xyzt_units"].as_u64().unwrap() & 7 {
        1 => 1000.0,
        3 => 0.001,
        _ => 1.0,
    }
}

fn place(expected: &Value, volume: &Volume, faults: &mut Faults) {
    let source = match volume.affine_source() {
        AffineSource::Sform => "sform",
        AffineSource::Qform => "qform",
        AffineSource::None => "none",
    };
    faults.say(
        expected["affine_source"] == source,
        format!("affine_source {source}"),
    );
    faults.say(
        expected["axcodes"] == volume.axis_codes(),
        format!("axcodes {}", volume.axis_codes()),
    );
    let unit = millimetres(expected);
    let spacing = volume.file_grid().spacing_mm.map(|step| step / unit);
    faults.say(
        distance(&spacing, &numbers(&expected["spacing"])) <= AFFINE_TOLERANCE,
        format!("spacing {spacing:?}"),
    );
    let affine = volume.file_grid().world_from_voxel;
    for (row, stated) in expected["affine"].as_array().unwrap().iter().enumerate() {
        let scale = if row < 3 { unit } else { 1.0 };
        let found = affine[row].map(|entry| entry / scale);
        faults.say(
            distance(&found, &numbers(stated)) <= AFFINE_TOLERANCE,
            format!("affine row {row}: {found:?}"),
        );
    }
    let ras = Orientation::of(volume.world_from_voxel()).map(|turned| turned.axis_codes());
    faults.say(ras.as_deref() == Some("RAS"), format!("turned to {ras:?}"));
    for (name, mark) in expected["marks"].as_object().into_iter().flatten() {
        let index = indices(&mark["ijk"]);
        let world = transform(&affine, std::array::from_fn(|axis| index[axis] as f64));
        let stated = numbers(&mark["world"]);
        faults.say(
            distance(&world.map(|x| x / unit), &stated) <= AFFINE_TOLERANCE,
            format!("{name} lies at {world:?}, not {stated:?}"),
        );
        let ras = ras_index(volume, &index);
        let turned = transform(volume.world_from_voxel(), ras.map(|i| i as f64));
        faults.say(
            distance(&turned, &world) <= AFFINE_TOLERANCE,
            format!("{name} is moved to {turned:?} by turning axes"),
        );
    }
}

fn ras_index(volume: &Volume, file: &[usize]) -> [usize; 3] {
    let orientation = volume.orientation();
    std::array::from_fn(|world| {
        let axis = orientation.file_axis[world];
        let index = file.get(axis).copied().unwrap_or(0);
        if orientation.reversed[world] {
            volume.file_grid().shape[axis] - 1 - index
        } else {
            index
        }
    })
}

/// Number of the volume among those past the third dimension.
fn frame_of(volume: &Volume, file: &[usize]) -> usize {
    let sizes = volume.header().shape.iter().skip(3);
    let mut stride = 1;
    file.iter()
        .skip(3)
        .zip(sizes)
        .map(|(index, size)| {
            let part = index * stride;
            stride *= *size as usize;
            part
        })
        .sum()
}

fn voxels(expected: &Value, volume: &Volume, faults: &mut Faults) {
    for voxel in expected["voxels"].as_array().into_iter().flatten() {
        let index = indices(&voxel["ijk"]);
        let stated: Vec<&Value> = match &voxel["value"] {
            Value::Array(components) => components.iter().collect(),
            single => vec![single],
        };
        faults.say(
            stated.len() == volume.components(),
            format!("{index:?}: components"),
        );
        for (component, stated) in stated.into_iter().enumerate() {
            match volume.file_value(&index, component) {
                Some(found) => faults.close(found, stated, &format!("voxel {index:?}")),
                None => faults.say(false, format!("voxel {index:?} does not exist")),
            }
            if let (Some(found), Some(whole)) = (volume.file_integer(&index), exact(stated)) {
                faults.say(
                    found == whole,
                    format!("voxel {index:?}: {found}, not {whole} exactly"),
                );
            }
        }
        through_slices(volume, &index, faults);
    }
}

fn exact(value: &Value) -> Option<i128> {
    value
        .as_u64()
        .map(i128::from)
        .or_else(|| value.as_i64().map(i128::from))
}

/// The voxel shows up with one value, in RAS order and in all three planes.
fn through_slices(volume: &Volume, index: &[usize], faults: &mut Faults) {
    let ras = ras_index(volume, index);
    let frame = frame_of(volume, index);
    let value = volume.value(ras, frame).unwrap() as f32;
    if volume.components() == 1 {
        let file = volume.file_value(index, 0).unwrap() as f32;
        faults.say(
            same(value, file),
            format!("{index:?} in RAS order: {value}, not {file}"),
        );
    }
    for plane in Plane::ALL {
        let [column, row, through] = plane.axes().map(|axis| ras[axis]);
        let slice = volume.slice(plane, through, frame).unwrap();
        let pixel = slice.values[row * slice.width + column];
        faults.say(
            same(value, pixel),
            format!("{index:?} in {plane:?}: {pixel}, not {value}"),
        );
    }
}

fn same(a: f32, b: f32) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

fn statistics(expected: &Value, volume: &Volume, faults: &mut Faults) {
    const COLOURS: [&str; 4] = ["R", "G", "B", "A"];
    for (component, name) in COLOURS.iter().enumerate().take(volume.components()) {
        let stated = if volume.components() == 1 {
            expected
        } else {
            &expected["per_component"][*name]
        };
        let found = volume.statistics(0..volume.frames(), component);
        for (key, found) in [("min", found.min), ("max", found.max), ("mean", found.mean)] {
            faults.close(found, &stated[key], &format!("{key} of component {component}"));
        }
        for (key, found) in [
            ("nan_count", found.nan_count),
            ("inf_count", found.infinite_count),
        ] {
            if volume.components() == 1 {
                faults.say(stated[key] == found as u64, format!("{key} {found}"));
            }
        }
    }
    let [nx, ny, nz, frames] = volume.shape();
    if volume.integer([0, 0, 0], 0).is_some() {
        let all = (0..frames * nx * ny * nz)
            .filter_map(|n| volume.integer([n % nx, n / nx % ny, n / nx / ny % nz], n / nx / ny / nz));
        let (min, max) = all.fold((i128::MAX, i128::MIN), |(min, max), value| {
            (min.min(value), max.max(value))
        });
        for (key, found) in [("min", min), ("max", max)] {
            if let Some(whole) = exact(&expected[key]) {
                faults.say(found == whole, format!("{key} {found}, not {whole} exactly"));
            }
        }
    }
}

fn labels(expected: &Value, volume: &Volume, faults: &mut Faults) {
    let Some(stated) = expected["label_counts"].as_object() else {
        return;
    };
    match LabelDraft::read(volume) {
        Ok(draft) => {
            let counts = draft.counts();
            let agree = counts.len() == stated.len()
                && counts
                    .iter()
                    .all(|(value, count)| stated.get(&value.to_string()) == Some(&Value::from(*count)));
            faults.say(agree, format!("label_counts {counts:?}"));
        }
        Err(error) => faults.say(false, format!("is no label map: {error}")),
    }
}
