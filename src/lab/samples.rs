//! The samples that come with the page: what their catalogue says, and the cohort that each opens as.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Cohort;
use super::cohort::{Candidate, Frames};
use crate::nifti::Volume;
use crate::train::Split;

/// The samples by key.
pub type Catalogue = BTreeMap<String, Listed>;

/// One entry of `samples.json`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Listed {
    pub dir: String,
    pub image: String,
    pub label: String,
    pub modality: String,
    pub classes: Vec<ListedClass>,
    /// Slices where there is a split, else a sentence.
    split: Value,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ListedClass {
    pub name: String,
    /// `#rrggbb`
    color: String,
}

/// What is known of a sample besides its two files.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Of the cohort.
    pub id: u64,
    pub key: String,
    pub title: String,
    /// Name of its channel.
    pub channel: String,
    /// Name and colour of each class, those among them that the label does not show.
    pub classes: Vec<(String, Option<[u8; 3]>)>,
    pub split: Option<Split>,
}

/// Where the reference labels of a sample come from, as far as that decides what a score means; `None` for the visitor's own.
#[must_use]
pub fn label_source(sample: Option<&str>) -> Option<&'static str> {
    let key = sample?;
    Some(if key.starts_with("abdomen") {
        "The reference labels of this sample come from another model, so the score measures agreement with that model."
    } else {
        "The reference labels of this sample come from tissue probability maps and an atlas, not from a reader."
    })
}

/// `abdomen_ct_a` → Abdomen CT A.
#[must_use]
pub fn title(key: &str) -> String {
    let word = |(i, word): (usize, &str)| match word {
        "ct" | "mr" | "a" | "b" => word.to_uppercase(),
        _ if i == 0 => word[..1].to_uppercase() + &word[1..],
        _ if word.starts_with("icbm") => word.to_uppercase(),
        _ => word.into(),
    };
    key.split('_').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

impl Listed {
    /// What has to be known of it besides its files.
    #[must_use]
    pub fn sample(&self, id: u64, key: &str) -> Sample {
        let is_ct = self.modality.starts_with("CT");
        let class = |class: &ListedClass| (class.name.clone(), class.color());
        Sample {
            id,
            key: key.to_owned(),
            title: title(key),
            channel: if is_ct { "CT" } else { "" }.to_owned(),
            classes: self.classes.iter().map(class).collect(),
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

impl ListedClass {
    fn color(&self) -> Option<[u8; 3]> {
        let number = u32::from_str_radix(self.color.strip_prefix('#')?, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        Some([r, g, b])
    }
}

impl Sample {
    /// The cohort of its two files. All classes of the catalogue are classes of it, whether its label shows them or not, so
    /// that a network of one abdomen can go on with another.
    ///
    /// # Errors
    /// In words, where image and label do not belong together.
    pub fn cohort(self, image: Arc<Volume>, label: Arc<Volume>) -> Result<Cohort, String> {
        let images = vec![(self.channel, image)];
        let candidate = Candidate::new(&self.key, images, label, Frames::One(0), false);
        if let Some(fault) = candidate.fault() {
            return Err(fault.to_string());
        }
        let values = 0..self.classes.len() as i64;
        let opened = Cohort::open_with(self.id, &self.title, &[candidate], values);
        let mut cohort = opened.map_err(|error| error.to_string())?;
        cohort.sample = Some(self.key);
        cohort.scheme = None;
        for (row, (name, color)) in self.classes.iter().enumerate() {
            cohort.table.rename(row, name);
            if let Some(color) = color.filter(|_| row > 0) {
                cohort.table.recolor(row, color);
            }
        }
        if let Some(subject) = cohort.subjects.first_mut() {
            Arc::make_mut(subject).given = self.split;
        }
        Ok(cohort)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn keys_are_read_as_titles() {
        let titles = ["abdomen_ct_a", "abdomen_mr", "brain_icbm152"].map(title);
        assert_eq!(titles, ["Abdomen CT A", "Abdomen MR", "Brain ICBM152"]);
    }

    #[test]
    fn a_score_on_the_visitors_own_labels_is_not_said_to_be_agreement_with_a_model() {
        assert_eq!(label_source(None), None);
        assert!(
            label_source(Some("abdomen_mr"))
                .unwrap()
                .contains("another model")
        );
        assert!(label_source(Some("brain_icbm152")).unwrap().contains("atlas"));
    }

    #[test]
    fn the_abdomens_have_the_same_classes_whatever_their_labels_show() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples");
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
        let catalogue: Catalogue = serde_json::from_slice(&read("samples.json")).unwrap();
        let mut names = Vec::new();
        for (key, shown) in [("abdomen_ct_a", 14), ("abdomen_ct_b", 7), ("abdomen_mr", 12)] {
            let listed = &catalogue[key];
            let [image, label] =
                [&listed.image, &listed.label].map(|name| Arc::new(Volume::from_bytes(&read(name)).unwrap()));
            let cohort = listed.sample(3, key).cohort(image, label).unwrap();
            let classes: Vec<String> = cohort
                .table
                .classes()
                .iter()
                .map(|row| row.name.clone())
                .collect();
            assert_eq!((classes.len(), classes[14].as_str()), (15, "prostate"), "{key}");
            names.push(classes);
            let counts = &cohort.subjects[0].counts;
            assert_eq!(
                counts.iter().skip(1).filter(|count| **count > 0).count(),
                shown,
                "{key}"
            );
            assert_eq!(cohort.counts()[0].len(), 15, "{key}");
            assert_eq!(cohort.subjects[0].given.is_some(), key == "abdomen_ct_a");
            let dataset = cohort.dataset([64, 64]).unwrap();
            assert_eq!((dataset.classes, dataset.split), (15, cohort.split()), "{key}");
        }
        assert!(names.iter().all(|other| *other == names[0]));
    }
}
