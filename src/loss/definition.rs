//! What is known of a loss before its parameters are chosen.

use serde::{Deserialize, Serialize};

use super::{Params, Parts};

/// Everything that the page and a recipe need of a loss: its file is this and a function.
#[derive(Debug)]
pub struct Definition {
    /// In files and addresses; never changes.
    pub key: &'static str,
    pub name: &'static str,
    pub family: Family,
    /// What it does, in a sentence or two.
    pub about: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// LaTeX, a line each; `⟨key⟩` stands for the value of a parameter.
    pub formula: &'static [&'static str],
    pub parameters: &'static [Parameter],
    /// Names of the pixel term, the region term, and its parts on the contour and off it; "" for one that the loss
    /// does not have, or that is all of it.
    pub terms: [&'static str; 4],
    pub presets: &'static [Published],
    /// What it is made of.
    pub parts: fn(&Params, &Facts) -> Parts,
}

/// Where a loss stands in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Contour,
    CrossEntropy,
    Overlap,
    Distance,
}

impl Family {
    pub const ALL: [Self; 4] = [Self::Contour, Self::CrossEntropy, Self::Overlap, Self::Distance];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contour => "Contour-weighted",
            Self::CrossEntropy => "Cross-entropy",
            Self::Overlap => "Overlap",
            Self::Distance => "Distance",
        }
    }
}

/// What the data and the moment say to a loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// K, background included.
    pub classes: usize,
    /// Pixels of each class in the training slices; empty if nobody counted.
    pub pixels: Vec<u64>,
    /// Steps taken.
    pub step: u64,
}

impl Facts {
    /// Nothing is known but the number of classes.
    #[must_use]
    pub fn of(classes: usize) -> Self {
        Self {
            classes,
            pixels: Vec::new(),
            step: 0,
        }
    }

    /// Of labels, each below `classes`.
    #[must_use]
    pub fn count(classes: usize, labels: impl IntoIterator<Item = u32>) -> Self {
        let mut pixels = vec![0; classes];
        for label in labels {
            if let Some(count) = pixels.get_mut(label as usize) {
                *count += 1;
            }
        }
        Self {
            classes,
            pixels,
            step: 0,
        }
    }
}

/// A parameter of a loss.
#[derive(Debug)]
pub struct Parameter {
    /// In files, addresses and formulae.
    pub key: &'static str,
    /// As the formula writes it, in plain text.
    pub symbol: &'static str,
    pub name: &'static str,
    pub domain: Domain,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// Where its default comes from.
    pub source: &'static str,
}

/// What a parameter may be.
#[derive(Debug)]
pub enum Domain {
    /// Within `low` to `high`; without a unit unless it says so.
    Number {
        low: f64,
        high: f64,
        step: f64,
        default: f64,
        unit: &'static str,
    },
    /// One of the options, by default the first unless a preset says otherwise.
    Word { options: &'static [Choice] },
    /// A number of 0 to 10⁴ for each class; by default none, which means 1 for all.
    PerClass,
}

/// One of several.
#[derive(Debug)]
pub struct Choice {
    pub key: &'static str,
    pub name: &'static str,
    pub about: &'static str,
}

/// A published set of values.
#[derive(Debug)]
pub struct Published {
    pub key: &'static str,
    pub name: &'static str,
    pub about: &'static str,
    /// What differs from the defaults.
    pub values: &'static [(&'static str, Setting)],
}

/// A value in a preset.
#[derive(Clone, Copy, Debug)]
pub enum Setting {
    Number(f64),
    Word(&'static str),
}

impl Definition {
    /// # Panics
    /// If the loss has no such parameter.
    #[must_use]
    pub fn parameter(&self, key: &str) -> &'static Parameter {
        self.parameters
            .iter()
            .find(|parameter| parameter.key == key)
            .unwrap_or_else(|| panic!("{} has no parameter {key}", self.name))
    }
}

/// A number without a unit.
pub(super) const fn number(
    [key, symbol, name]: [&'static str; 3],
    [low, high, step, default]: [f64; 4],
    about: &'static str,
    source: &'static str,
) -> Parameter {
    Parameter {
        key,
        symbol,
        name,
        domain: Domain::Number {
            low,
            high,
            step,
            default,
            unit: "",
        },
        about,
        source,
    }
}

/// One of several.
pub(super) const fn word(
    [key, name]: [&'static str; 2],
    options: &'static [Choice],
    about: &'static str,
    source: &'static str,
) -> Parameter {
    Parameter {
        key,
        symbol: "",
        name,
        domain: Domain::Word { options },
        about,
        source,
    }
}

pub(super) const fn choice(key: &'static str, name: &'static str, about: &'static str) -> Choice {
    Choice { key, name, about }
}
