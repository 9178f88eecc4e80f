//! A workload's data and initial weights.

use super::{Error, Spec};
use crate::net::Graph;
use crate::train::{Dataset, Fit, Split};

/// As `www/bench/given.js` makes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// (N, H, W), class numbers.
    pub labels: Vec<u32>,
    /// Images (N, C, H, W); for a loss, logits (N, K, H, W).
    pub values: Vec<f32>,
    /// Of the weights, as in [`Graph::parameters`].
    pub names: Vec<String>,
    /// What the names name, one after the other.
    pub weights: Vec<f32>,
}

impl Given {
    /// Every image to train on, none to validate.
    pub(super) fn dataset(&self, spec: &Spec) -> Dataset {
        let grid = [spec.width, spec.height];
        Dataset {
            images: self.values.clone(),
            labels: self.labels.clone(),
            slices: spec.images,
            channels: spec.channels,
            classes: spec.classes,
            fit: Fit::new(grid, grid),
            split: Split {
                train: (0..spec.images as u32).collect(),
                validation: Vec::new(),
            },
        }
    }

    /// The parameter arena: every parameter is given once, and nothing else.
    pub(super) fn arena(&self, graph: &Graph) -> Result<Vec<f32>, Error> {
        let refuse = |fault: String| Err(Error::Weights(fault));
        let mut arena = vec![0.0; graph.arena_len()];
        let mut missing: Vec<_> = graph.parameters.iter().collect();
        let mut rest = self.weights.as_slice();
        for name in &self.names {
            let Some(place) = missing.iter().position(|parameter| parameter.name == *name) else {
                return refuse(format!("{name} belongs to no layer"));
            };
            let parameter = missing.remove(place);
            let Some((values, others)) = rest.split_at_checked(parameter.len()) else {
                return refuse(format!("{name} is cut short"));
            };
            arena[parameter.range()].copy_from_slice(values);
            rest = others;
        }
        if let Some(parameter) = missing.first() {
            return refuse(format!("{} is missing", parameter.name));
        }
        if rest.is_empty() {
            Ok(arena)
        } else {
            refuse(format!("{} numbers are left over", rest.len()))
        }
    }
}
