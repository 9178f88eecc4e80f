//! The samples that come with the page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::engine;
use crate::train::Split;
use crate::ui::browser;

/// Where the catalogue lies, relative to the page.
const CATALOGUE: &str = "samples/samples.json";

/// Who made the samples, and what may be done with them.
pub const LICENCES: &str = "samples/LICENCES.md";

/// One entry of `samples.json`, as far as the page needs it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Sample {
    pub dir: String,
    pub image: String,
    pub label: String,
    pub modality: String,
    pub classes: Vec<SampleClass>,
    /// Slices where there is a split, else a sentence.
    split: Value,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SampleClass {
    pub name: String,
    /// `#rrggbb`
    color: String,
}

/// The samples by key.
pub type Catalogue = BTreeMap<String, Sample>;

pub fn fetch_catalogue() -> impl Future<Output = Result<Catalogue, String>> {
    let catalogue = browser::fetch(CATALOGUE);
    async {
        serde_json::from_slice(&catalogue.await?)
            .map_err(|error| format!("{CATALOGUE} cannot be understood: {error}."))
    }
}

/// `abdomen_ct_a` → Abdomen CT A.
pub fn title(key: &str) -> String {
    let word = |(i, word): (usize, &str)| match word {
        "ct" | "mr" | "a" | "b" => word.to_uppercase(),
        _ if i == 0 => word[..1].to_uppercase() + &word[1..],
        _ if word.starts_with("icbm") => word.to_uppercase(),
        _ => word.into(),
    };
    key.split('_').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

impl Sample {
    /// What the engine has to know of it besides its files.
    pub fn request(&self, id: u64, key: &str) -> engine::Sample {
        let is_ct = self.modality.starts_with("CT");
        engine::Sample {
            id,
            key: key.to_owned(),
            title: title(key),
            channel: if is_ct { "CT" } else { "" }.to_owned(),
            classes: self
                .classes
                .iter()
                .map(|class| (class.name.clone(), class.color()))
                .collect(),
            split: self.split(),
        }
    }

    /// The stated slices, if this sample is for training.
    fn split(&self) -> Option<Split> {
        let slices =
            |name| -> Option<Vec<u32>> { serde_json::from_value(self.split.get(name)?.clone()).ok() };
        Some(Split {
            train: slices("train_slices")?,
            validation: slices("val_slices")?,
        })
    }
}

impl SampleClass {
    fn color(&self) -> Option<[u8; 3]> {
        let number = u32::from_str_radix(self.color.strip_prefix('#')?, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        Some([r, g, b])
    }
}
