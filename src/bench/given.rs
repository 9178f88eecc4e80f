//! A workload's data and initial weights.

use super::{Error, Spec};
use crate::net::Graph;
use crate::train::{Dataset, Split};

/// As `www/bench/given.js` and [`Given::of`] make it.
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
    #[must_use]
    pub fn dataset(&self, spec: &Spec) -> Dataset {
        let grid = [spec.width, spec.height];
        let split = Split {
            train: (0..spec.images as u32).collect(),
            validation: Vec::new(),
        };
        Dataset::ready(
            self.values.clone(),
            self.labels.clone(),
            spec.classes,
            grid,
            split,
        )
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

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str = r#"{"kind": "train", "N": 1, "H": 4, "W": 4, "cin": 1, "classes": 2, "widths": [1, 2], "norm": null}"#;

    #[test]
    fn every_weight_must_be_given_once_and_nothing_else() {
        let spec = Spec::read(TINY).unwrap();
        let graph = spec.graph().unwrap();
        let count = graph.parameter_count();
        let whole = Given {
            labels: vec![0; 16],
            values: vec![0.0; 16],
            // In another order than the arena's.
            names: graph.parameters.iter().rev().map(|p| p.name.clone()).collect(),
            weights: (1..=count as u16).map(f32::from).collect(),
        };
        let arena = whole.arena(&graph).unwrap();
        let head = graph.parameters.last().unwrap();
        assert_eq!(arena[head.range()], whole.weights[..head.len()]);
        assert_eq!(arena.iter().filter(|value| **value > 0.0).count(), count);

        let broken = |change: &dyn Fn(&mut Given)| {
            let mut given = whole.clone();
            change(&mut given);
            given.arena(&graph).unwrap_err().to_string()
        };
        assert!(broken(&|given| given.names[0] = "stranger".into()).contains("stranger belongs to no layer"));
        assert!(broken(&|given| given.names[1] = given.names[0].clone()).contains("belongs to no layer"));
        assert!(broken(&|given| given.names.truncate(1)).contains("is missing"));
        assert!(broken(&|given| given.weights.truncate(count - 1)).contains("is cut short"));
        assert!(broken(&|given| given.weights.push(1.0)).contains("1 numbers are left over"));
    }

    #[test]
    fn networks_that_are_not_ours_are_refused() {
        let spec = Spec::read(TINY).unwrap();
        assert!(spec.network().is_ok());
        let other = |change: &dyn Fn(&mut Spec)| {
            let mut spec = spec.clone();
            change(&mut spec);
            spec.network().unwrap_err().to_string()
        };
        assert!(other(&|spec| spec.widths = vec![4, 12]).contains("do not double"));
        assert!(other(&|spec| spec.widths.clear()).contains("no level"));
        assert!(other(&|spec| spec.norm = Some("batch".into())).contains("no norm batch"));
        assert!(Spec::read("{}").is_err());
    }
}
