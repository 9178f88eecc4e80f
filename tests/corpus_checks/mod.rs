//! What the corpus tests share: entries, loading, numbers.

pub(crate) mod conformance;
pub(crate) mod hostile;
pub(crate) mod meter;
pub(crate) mod samples;
pub(crate) mod spoil;

use std::io::Read;
use std::path::Path;

use contour_lab::nifti::{Error, Volume};
use serde_json::Value;

pub(crate) type Loaded = Result<Volume, Error>;

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) expected: Value,
    pub(crate) about: Value,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// The list's `_about` and its entries with their bytes; a listed file that is missing is a failure.
pub(crate) fn entries(folder: &Path, list: &str) -> (Value, Vec<Entry>) {
    let path = folder.join(list);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let list: Value = serde_json::from_str(&text).unwrap();
    let entries = list["files"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, expected)| Entry {
            name: name.clone(),
            expected: expected.clone(),
            about: Value::Null,
            files: expected["files"]
                .as_array()
                .unwrap()
                .iter()
                .map(|file| {
                    let file = file.as_str().unwrap();
                    let bytes = std::fs::read(folder.join(file))
                        .unwrap_or_else(|error| panic!("{}: {error}", folder.join(file).display()));
                    (file.to_owned(), bytes)
                })
                .collect(),
        })
        .collect();
    (list["_about"].clone(), entries)
}

pub(crate) fn load(files: &[(String, Vec<u8>)]) -> Loaded {
    match files {
        [(_, only)] => Volume::from_bytes(only),
        [(a, first), (_, second)] if a.contains(".hdr") => Volume::from_pair(first, second),
        [(_, first), (_, second)] => Volume::from_pair(second, first),
        _ => panic!("an entry has one file or two"),
    }
}

/// What a gzip file holds, as far as it inflates; `None` for other files.
pub(crate) fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut content = Vec::new();
    let _ = flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut content);
    Some(content)
}

/// Bytes that are really there: of a file or of what it inflates to, whichever is more.
pub(crate) fn honest_bytes(files: &[(String, Vec<u8>)]) -> usize {
    files
        .iter()
        .map(|(_, bytes)| {
            inflated(bytes)
                .map_or(0, |content| content.len())
                .max(bytes.len())
        })
        .sum()
}

/// NaN and the infinities are written as words.
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::String(word) => word.parse().unwrap_or_else(|_| panic!("{word} is no number")),
        other => other.as_f64().unwrap_or_else(|| panic!("{other} is no number")),
    }
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

pub(crate) fn indices(value: &Value) -> Vec<usize> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|index| index.as_u64().unwrap() as usize)
        .collect()
}

/// The list's own tolerance for values; the second term is for those that are 0.
const VALUE_TOLERANCE: f64 = 1e-6;

/// The list's own tolerance for matrices and places in millimetres.
pub(crate) const AFFINE_TOLERANCE: f64 = 1e-4;

pub(crate) fn is_close(found: f64, expected: f64) -> bool {
    if expected.is_nan() {
        return found.is_nan();
    }
    found == expected || (found - expected).abs() <= VALUE_TOLERANCE * expected.abs() + 1e-12
}

/// The longest distance between two lists of numbers, infinite where they differ in length.
pub(crate) fn distance(found: &[f64], expected: &[f64]) -> f64 {
    if found.len() != expected.len() {
        return f64::INFINITY;
    }
    found
        .iter()
        .zip(expected)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, |worst, apart| if apart <= worst { worst } else { apart })
}
