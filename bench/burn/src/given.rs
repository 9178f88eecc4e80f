//! Data and initial weights, from the one place that makes them for everybody.

use std::collections::HashMap;
use std::process::Command;

use serde::Deserialize;

use crate::Failure;

/// A workload, as `www/bench/workloads.js` describes it.
#[derive(Deserialize)]
pub struct Spec {
    pub kind: String,
    #[serde(rename = "N")]
    pub images: usize,
    #[serde(rename = "H")]
    pub height: usize,
    #[serde(rename = "W")]
    pub width: usize,
    pub classes: usize,
    #[serde(default)]
    pub widths: Vec<usize>,
    #[serde(default)]
    pub norm: Option<String>,
    #[serde(rename = "contourWeight", default)]
    pub contour_weight: f32,
}

/// A convolution, in the order of the forward walk.
#[derive(Deserialize)]
pub struct Conv {
    pub name: String,
    pub k: usize,
    pub cin: usize,
    pub cout: usize,
}

pub struct Given {
    pub spec: Spec,
    pub convs: Vec<Conv>,
    /// `x` (N, 1, H, W), `y` (N, H, W), `z` (N, K, H, W), weights OIHW as `enc0a.w`.
    tensors: HashMap<String, Vec<f32>>,
}

#[derive(Deserialize)]
struct Meta {
    spec: Spec,
    convs: Vec<Conv>,
    tensors: Vec<(String, Vec<usize>)>,
}

impl Given {
    pub fn load(name: &str) -> Result<Self, Failure> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../dump-init.mjs");
        let file = std::env::temp_dir().join(format!("contour-lab-burn-{}-{name}.bin", std::process::id()));
        let made = Command::new("node").arg(script).arg(name).arg(&file).output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into());
        }
        let values: Vec<f32> = bytemuck::pod_collect_to_vec(&std::fs::read(&file)?);
        std::fs::remove_file(&file)?;
        let Meta { spec, convs, tensors } = serde_json::from_slice(&made.stdout)?;
        let mut rest = values.as_slice();
        let mut take = |(key, shape): (String, Vec<usize>)| {
            let (values, others) = rest.split_at(shape.iter().product());
            rest = others;
            (key, values.to_vec())
        };
        let tensors = tensors.into_iter().map(&mut take).collect();
        Ok(Self { spec, convs, tensors })
    }

    pub fn tensor(&self, key: &str) -> Result<Vec<f32>, Failure> {
        Ok(self
            .tensors
            .get(key)
            .ok_or_else(|| format!("{key} was not given"))?
            .clone())
    }

    /// 1 for the class of a pixel, 0 for the others, (N, K, H, W).
    pub fn one_hot(&self) -> Result<Vec<f32>, Failure> {
        let Spec {
            images,
            height,
            width,
            classes,
            ..
        } = self.spec;
        let pixels = height * width;
        let mut hot = vec![0.0; images * classes * pixels];
        for (at, label) in self.tensor("y")?.into_iter().enumerate() {
            hot[(at / pixels * classes + label as usize) * pixels + at % pixels] = 1.0;
        }
        Ok(hot)
    }
}
