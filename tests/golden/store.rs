//! A group of reference numbers: its manifest and its named arrays.

use std::path::Path;

use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

/// `<group>.json` with `<group>.safetensors`.
pub struct Group {
    manifest: Value,
    bytes: Vec<u8>,
    pub folder: std::path::PathBuf,
}

/// A named array, as float64.
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
    /// Rounded to f32 by whoever stored it.
    pub is_f32: bool,
}

impl Array {
    pub fn f32(&self) -> Vec<f32> {
        self.values.iter().map(|value| *value as f32).collect()
    }

    pub fn u32(&self) -> Vec<u32> {
        self.values.iter().map(|value| *value as u32).collect()
    }

    /// N, C, H, W of an activation.
    pub fn nchw(&self) -> [usize; 4] {
        self.shape.as_slice().try_into().expect("four axes")
    }
}

impl Group {
    pub fn read(folder: &Path, name: &str) -> Self {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("a manifest");
        let manifest: Value = serde_json::from_str(&text).expect("a JSON manifest");
        let file = manifest["tensor_file"].as_str().expect("a tensor file");
        let bytes = std::fs::read(folder.join(file)).expect("the group's arrays");
        Self {
            manifest,
            bytes,
            folder: folder.into(),
        }
    }

    pub fn cases(&self) -> &[Value] {
        self.manifest["cases"].as_array().expect("cases")
    }

    /// The array that a manifest entry (a string) names.
    pub fn array(&self, name: &Value) -> Array {
        let name = name.as_str().unwrap_or_else(|| panic!("{name} names no array"));
        array(&SafeTensors::deserialize(&self.bytes).expect("safetensors"), name)
    }
}

/// A named array of a safetensors file.
pub fn array(tensors: &SafeTensors<'_>, name: &str) -> Array {
    let view = tensors
        .tensor(name)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let bytes = view.data();
    let values = match view.dtype() {
        Dtype::U8 => bytes.iter().map(|byte| f64::from(*byte)).collect(),
        Dtype::I32 => bytemuck::pod_collect_to_vec::<u8, i32>(bytes)
            .into_iter()
            .map(f64::from)
            .collect(),
        Dtype::F32 => bytemuck::pod_collect_to_vec::<u8, f32>(bytes)
            .into_iter()
            .map(f64::from)
            .collect(),
        Dtype::F64 => bytemuck::pod_collect_to_vec::<u8, f64>(bytes),
        other => panic!("{name} is {other:?}"),
    };
    Array {
        shape: view.shape().to_vec(),
        values,
        is_f32: view.dtype() == Dtype::F32,
    }
}

/// A number of a manifest; NaN and infinities are strings there.
pub fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("nan") => f64::NAN,
        Some("inf") => f64::INFINITY,
        Some("-inf") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap_or_else(|| panic!("{value} is no number")),
    }
}

/// A result of the GPU as float64.
pub fn widen(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}
