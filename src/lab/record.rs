//! A run as it is taken home: what decided it, and what came of it.

use serde::{Deserialize, Serialize};

use super::History;
use super::cohort::Decisions;
use crate::train::Recipe;

/// With the files and the initial weights, it decides every number of the run on a given adapter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Application and version.
    pub made_by: String,
    pub recipe: Recipe,
    /// `None` in a record that is older than what is decided here.
    #[serde(default)]
    pub data: Option<Decisions>,
    /// Where the weights came from, in words.
    #[serde(default)]
    pub start: String,
    #[serde(default)]
    pub history: History,
}

impl Record {
    /// # Errors
    /// In words; none is known.
    pub fn to_json(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::cohort::{ChannelRule, ClassRule, SubjectRule};
    use crate::train::{Augmentation, Normalisation, Part, Regimen, Split, SplitBy, SplitOfSubject};

    /// As recipes were written first.
    const OLD_RECIPE: &str = r#"{
        "network": {"kind": "plain", "in_channels": 1, "classes": 2, "width": 8, "depth": 3, "norm": "instance", "slope": 0.01},
        "contour": {
            "operator": "Erode", "shape": "Square", "radius": 1, "iterations": 1, "border": "Ignore", "frame": "Slice"
        },
        "loss": {"kind": "cwcd"},
        "optimiser": {
            "kind": "Adam", "learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0
        },
        "batch": 4, "steps": 100, "validate_every": 10, "seed": 1
    }"#;

    fn record() -> Record {
        let recipe = serde_json::from_str(OLD_RECIPE).unwrap();
        let split = Split {
            train: vec![1, 2],
            validation: vec![5],
        };
        let data = Decisions {
            title: "one".to_owned(),
            grid: [64, 64],
            channels: vec![ChannelRule {
                name: "CT".to_owned(),
                normalisation: Normalisation::Window {
                    low: -160.0,
                    high: 240.0,
                },
            }],
            classes: vec![ClassRule {
                name: "background".to_owned(),
                values: vec![0],
            }],
            ignored: vec![9],
            split: SplitBy::Slab,
            gap: 2,
            subjects: vec![SubjectRule {
                name: "case 1".to_owned(),
                part: Part::Train,
                slices: SplitOfSubject(split),
                notes: vec!["Round to whole numbers: changed by hand.".to_owned()],
                is_drawn: true,
            }],
            cut_to_body: true,
            pixel_mm: Some(1.5),
            neighbours: 1,
        };
        Record {
            made_by: "Contour Lab".to_owned(),
            recipe,
            data: Some(data),
            start: "random weights, seed 1".to_owned(),
            history: History::default(),
        }
    }

    #[test]
    fn a_record_is_read_back_as_it_was() {
        let record = record();
        let read: Record = serde_json::from_str(&record.to_json().unwrap()).unwrap();
        assert_eq!(read, record);
    }

    #[test]
    fn a_record_from_before_the_decisions_is_read_too() {
        let json = record().to_json().unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
        for younger in ["data", "start", "history"] {
            value.as_object_mut().unwrap().remove(younger).unwrap();
        }
        let old: Record = serde_json::from_value(value).unwrap();
        assert_eq!((old.data, &old.recipe), (None, &record().recipe));
        assert_eq!(old.recipe.validate(), Ok(()));
        let off = (old.recipe.augmentation, old.recipe.regimen);
        assert_eq!(off, (Augmentation::default(), Regimen::default()));
    }
}
