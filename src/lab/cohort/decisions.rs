//! What was decided about the data of a run, as plain data: beside the recipe and the files themselves, it decides the run.

use serde::{Deserialize, Serialize};

use super::Cohort;
use crate::train::{Normalisation, Part, SplitBy, SplitOfSubject, gap};

/// Of a whole run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decisions {
    pub title: String,
    /// Width and height in pixels of the grid that slices are brought onto.
    pub grid: [usize; 2],
    pub channels: Vec<ChannelRule>,
    /// Background first.
    pub classes: Vec<ClassRule>,
    /// Numbers in the label files that count as no class.
    #[serde(default)]
    pub ignored: Vec<i64>,
    pub split: SplitBy,
    /// Slices at least so far apart from each other train and validate, unless the split leaks.
    pub gap: usize,
    pub subjects: Vec<SubjectRule>,
    /// Each subject's slices are cut to its body before they are shrunk.
    pub cut_to_body: bool,
    /// Millimetres of a pixel of the grid along a row; without it each subject is shrunk as far as it must.
    pub pixel_mm: Option<f64>,
    /// Neighbouring slices on either side that come along as channels.
    pub neighbours: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelRule {
    pub name: String,
    pub normalisation: Normalisation,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRule {
    pub name: String,
    /// Numbers in the label files.
    pub values: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRule {
    pub name: String,
    pub part: Part,
    /// Numbers of its axial slices, from the feet.
    pub slices: SplitOfSubject,
    /// What was put right about its files, and what was changed by hand.
    pub notes: Vec<String>,
    /// Its label was drawn over.
    pub is_drawn: bool,
}

impl Cohort {
    /// What a run on a grid of `grid` pixels (width, height) takes of the cohort.
    #[must_use]
    pub fn decisions(&self, grid: [usize; 2]) -> Decisions {
        let lookup = self.table.lookup();
        let channel = |(name, normalisation): (&String, &Normalisation)| ChannelRule {
            name: name.clone(),
            normalisation: *normalisation,
        };
        let class = |(number, name): (u8, String)| ClassRule {
            name,
            values: self
                .table
                .values()
                .into_iter()
                .zip(&lookup)
                .filter(|(_, class)| **class == number)
                .map(|(value, _)| value)
                .collect(),
        };
        let subject = |number: usize| {
            let own = &self.subjects[number];
            SubjectRule {
                name: own.name.clone(),
                part: self.parts[number],
                slices: self.split_of(number),
                notes: own.notes.clone(),
                is_drawn: own.is_drawn(),
            }
        };
        let names = self.table.classes().into_iter().map(|row| row.name.clone());
        Decisions {
            title: self.title.clone(),
            grid,
            channels: self
                .channels
                .iter()
                .zip(&self.normalisations)
                .map(channel)
                .collect(),
            classes: (0..).zip(names).map(class).collect(),
            ignored: self.table.ignored(),
            split: self.by,
            gap: gap(self.context),
            subjects: (0..self.subjects.len()).map(subject).collect(),
            cut_to_body: self.crops,
            pixel_mm: self.pixel_mm,
            neighbours: self.context,
        }
    }
}

impl Decisions {
    /// Each decision with its name, in words.
    #[must_use]
    pub fn said(&self) -> Vec<(&'static str, String)> {
        let tally = self.tally();
        let by = match self.split {
            SplitBy::Subject => "by subject".to_owned(),
            SplitBy::Slab => format!("by slab, {} apart", self.gap + 1),
            SplitBy::Scattered => "scattered, which leaks".to_owned(),
        };
        let left = if tally.unused == 0 {
            String::new()
        } else {
            format!("; subjects left out: {}", tally.unused)
        };
        let values = self.channels.iter().map(|channel| {
            let rule = match channel.normalisation {
                Normalisation::Window { low, high } => {
                    format!("clipped to {low} … {high} in the file's units").replace('-', "−")
                }
                Normalisation::Percentiles { low, high } => format!("clipped to {low} … {high} %"),
                Normalisation::ZScore { low, high } => {
                    format!("clipped to {low} … {high} % of what is not 0, then z-score")
                }
            };
            if channel.name.is_empty() {
                rule
            } else {
                format!("{}: {rule}", channel.name)
            }
        });
        let [width, height] = self.grid;
        let cut = if self.cut_to_body { "cut to the body, " } else { "" };
        let pixel = match self.pixel_mm {
            Some(mm) => format!("a pixel of {mm} mm"),
            None => "shrunk as far as each must be".to_owned(),
        };
        let neighbours = match self.neighbours {
            0 => "none".to_owned(),
            count => format!("{count} on either side"),
        };
        let drawn = self.subjects.iter().filter(|subject| subject.is_drawn).count();
        let classes = self.classes.iter().skip(1).map(|class| {
            let values: Vec<String> = class.values.iter().map(ToString::to_string).collect();
            format!("{} ({})", class.name, values.join(", "))
        });
        let ignored: Vec<String> = self.ignored.iter().map(ToString::to_string).collect();
        let ignored = (!ignored.is_empty()).then(|| format!("ignored ({})", ignored.join(", ")));
        let classes = classes.chain(ignored).collect::<Vec<_>>().join("; ");
        let edited = if drawn == 0 {
            String::new()
        } else {
            format!("; drawn over in subjects: {drawn}")
        };
        vec![
            (
                "Split",
                format!(
                    "{by}: {} slices train, {} validate{left}",
                    tally.train.slices, tally.validation.slices
                ),
            ),
            ("Values", values.collect::<Vec<_>>().join("; ")),
            ("Slices", format!("{cut}{pixel}, on {width} × {height} pixels")),
            ("Neighbouring slices", neighbours),
            ("Classes", format!("{classes}{edited}")),
        ]
    }
}
